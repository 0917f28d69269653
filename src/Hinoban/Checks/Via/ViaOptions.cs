using Hinoban.Checks.Ssh;

namespace Hinoban.Checks.Via;

/// <summary>What a site looks from inside with: its certificate for agents, and its key and folder for SSH. Null: it cannot in that way.</summary>
internal sealed record ViaOptions(SiteCertificate? Certificate, ShellOptions? Ssh)
{
    internal static ViaOptions None { get; } = new(null, null);
}
