using Hinoban.Fuzz.Targets;

namespace Hinoban.Fuzz;

/// <summary>Every parser of what strangers write. A new one gets a target here and seeds in <c>Corpus</c>.</summary>
internal static class Parsers
{
    internal static IReadOnlyList<Target> Targets { get; } =
    [
        .. PluginTargets.All,
        .. WireTargets.All,
        .. LinkTargets.All, .. LogTargets.All,
        .. MailTargets.All,
        .. LineTargets.All,
        .. SpecTargets.All,
        .. AgentTargets.All,
    ];
}
