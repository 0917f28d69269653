using Hinoban.Basics;
using Hinoban.Checks.Ssh;

namespace Hinoban.Checks.Via;

/// <summary>What a site looks from inside with: its certificate for agents, and its key and folder for SSH. Null: it cannot in that way.</summary>
internal sealed record ViaOptions(SiteCertificate? Certificate, ShellOptions? Ssh)
{
    internal static ViaOptions None { get; } = new(null, null);

    /// <summary>How far the site has read the item's log, as it keeps it; empty: not at all.</summary>
    internal Func<ItemId, string> LogCursor { get; init; } = _ => "";
}
