using Hinoban.Checks;

namespace Hinoban.Agent;

/// <summary>What a command came to: a first line, more lines for a person, performance data.</summary>
internal sealed record Answer(CheckStatus Status, string Output, string Long = "", string Perf = "")
{
    /// <summary>As a plugin prints it.</summary>
    internal string Printed => $"{Output}{(Perf.Length > 0 ? $" |{Perf}" : "")}{(Long.Length > 0 ? $"\n{Long}" : "")}";

    internal static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "OK",
        CheckStatus.Warning => "WARNING",
        CheckStatus.Critical => "CRITICAL",
        CheckStatus.Unknown => "UNKNOWN",
    };

    /// <summary>The worse of two, in the plugins' order: unknown is less than a warning.</summary>
    internal static CheckStatus Worse(CheckStatus a, CheckStatus b) => Weight(a) >= Weight(b) ? a : b;

    private static int Weight(CheckStatus status) => status switch
    {
        CheckStatus.Ok => 0,
        CheckStatus.Unknown => 1,
        CheckStatus.Warning => 2,
        CheckStatus.Critical => 3,
    };
}
