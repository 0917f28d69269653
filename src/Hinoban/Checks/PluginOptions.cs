namespace Hinoban.Checks;

/// <summary>Where plugins may be run from, and as whom (null: as ourselves).</summary>
internal sealed record PluginOptions(IReadOnlyList<string> Folders, string? User)
{
    internal static PluginOptions Default { get; } = new(["/usr/lib/nagios/plugins"], null);

    /// <summary>What each run may use of the machine.</summary>
    internal PluginLimits Limits { get; init; } = PluginLimits.Default;
}
