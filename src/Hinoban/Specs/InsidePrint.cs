using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Writes looks from inside a host and the host's doors for them, and says percentages both as used and as free.</summary>
internal static class InsidePrint
{
    internal static IEnumerable<(string Key, string? Value)> Of(HostPlan host, InsideLookPlan look) =>
    [
        ("via", look is InsideTcpLookPlan or DatabaseLookPlan ? null : look.Way.Word),
        (AgentLookReader.From, look.Way.Host == host.Key && look is not InsideTcpLookPlan ? null : SpecPrint.Quoted(look.Way.Host)),
        .. Own(look),
        ("command", look.Way.Via == Via.Nrpe ? SpecPrint.List(look.Way.Command.Split('!').Select(SpecPrint.Quoted)) : null),
    ];

    internal static void Doors(TextWriter to, InsideDoors doors)
    {
        if (doors.Agent != AgentDoor.Usual)
        {
            to.WriteLine("    agent: " + SpecPrint.Map([("port", SpecPrint.Number(doors.Agent.Port)), ("certificate", Pin(doors.Agent.Certificate))]));
        }

        if (doors.Nrpe != NrpeDoor.Usual)
        {
            to.WriteLine("    nrpe: " + SpecPrint.Map(
                [("port", SpecPrint.Number(doors.Nrpe.Port)), ("tls", doors.Nrpe.Tls.ToString().ToLowerInvariant()), ("certificate", Pin(doors.Nrpe.Certificate))]));
        }

        if (doors.Plugins != SpecDefaults.PluginFolder)
        {
            to.WriteLine($"    plugin_folder: {SpecPrint.Quoted(doors.Plugins)}");
        }
    }

    /// <summary>What a percentage means said both ways, for whoever thinks of what is free where another thinks of what is used.</summary>
    internal static Text? Shares(LookPlan look)
    {
        var (warn, crit) = look switch
        {
            SwapLookPlan swap => (swap.Warn, swap.Crit),
            DiskLookPlan disk => (disk.Warn, disk.Crit),
            _ => (null, null),
        };
        var said = new[] { ("warn", warn), ("crit", crit) }.Where(t => t.Item2 is not null).Select(t => (Key: t.Item1, Used: Range(t.Item2!))).ToList();
        return said.Count == 0 ? null : new(
            string.Join("、", said.Select(t => $"{t.Key}: 使用率{Plain(t.Used).Ja}(空き{Plain(Free(t.Used)).Ja})")),
            string.Join("; ", said.Select(t => $"{t.Key}: used {Plain(t.Used).En} (free {Plain(Free(t.Used)).En})")));
    }

    private static NagiosRange Range(string text) => NagiosRange.TryParse(text, out var range, "%") == RangeFault.None ? range : default;

    // What is left of a hundred: the range turns round with it.
    private static NagiosRange Free(NagiosRange used) => new(100 - used.End, 100 - used.Start, used.Inside);

    // Nothing is below none or above all: an end there is no end.
    private static Text Plain(NagiosRange share) => NagiosRangeText.Plain(
        share with { Start = share.Start <= 0 ? double.NegativeInfinity : share.Start, End = share.End >= 100 ? double.PositiveInfinity : share.End }, "%");

    private static string? Pin(string? certificate) => certificate is null ? null : SpecPrint.Quoted(certificate);

    private static IEnumerable<(string Key, string? Value)> Own(InsideLookPlan look) => look switch
    {
        LoadLookPlan load => [("per_core", SpecPrint.Truth(load.PerCore)), ("warn", Triple(load.Warn)), ("crit", Triple(load.Crit))],
        SwapLookPlan swap => [("warn", Share(swap.Warn)), ("crit", Share(swap.Crit))],
        DiskLookPlan disk =>
        [
            ("mounts", disk.Mounts.Count == 0 ? "all" : SpecPrint.List(disk.Mounts.Select(SpecPrint.Quoted))),
            ("except", disk.Except.Count == 0 ? null : SpecPrint.List(disk.Except.Select(SpecPrint.Quoted))),
            ("warn", Share(disk.Warn)),
            ("crit", Share(disk.Crit)),
            ("inodes", disk is { InodesWarn: null, InodesCrit: null } ? "none" : SpecPrint.Map([("warn", Share(disk.InodesWarn)), ("crit", Share(disk.InodesCrit))])),
        ],
        CountLookPlan count => [("name", count.Name is null ? null : SpecPrint.Quoted(count.Name)), ("warn", Count(count.Warn)), ("crit", Count(count.Crit))],
        InsidePluginLookPlan plugin =>
        [
            ("command", plugin.Command.Count == 0 ? null : SpecPrint.List(plugin.Command.Select(SpecPrint.Quoted))),
            ("run_as", plugin.RunAs is null ? null : SpecPrint.Quoted(plugin.RunAs)),
        ],
        InsideTcpLookPlan tcp => [("port", SpecPrint.Number(tcp.Port)), ("warn", CheckPrint.Time(tcp.Warn)), ("crit", CheckPrint.Time(tcp.Crit))],
        DatabaseLookPlan database => Database(database),
        LogLookPlan log => LogPrint.Of(log),
        _ => [],
    };

    private static IEnumerable<(string Key, string? Value)> Database(DatabaseLookPlan database) =>
    [
        ("host", SpecPrint.Quoted(database.Target)),
        ("port", SpecPrint.Number(database.Port)),
        ("database", database.Database.Length == 0 ? null : SpecPrint.Quoted(database.Database)),
        ("user", SpecPrint.Quoted(database.User)),
        ("password", database.Secret is null ? null : SpecPrint.Quoted($"secret:{database.Secret}")),
        ("query", SpecPrint.Quoted(database.Query)),
        ("warn", CheckPrint.Time(database.Warn)),
        ("crit", CheckPrint.Time(database.Crit)),
    ];

    private static string Triple(string? numbers) => numbers is null ? "none" : $"[{numbers.Replace(",", ", ", StringComparison.Ordinal)}]";

    private static string Share(string? range) => range is null ? "none" : SpecPrint.Quoted(UsedWords.Written(range)!);

    private static string Count(string? range) => range is null ? "none" : SpecPrint.Quoted(range);
}
