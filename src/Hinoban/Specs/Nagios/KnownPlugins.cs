using System.Globalization;
using System.Text.RegularExpressions;

namespace Hinoban.Specs.Nagios;

/// <summary>A check as a specification says it: keys in order, and how long one look may take where that is not the language's default.</summary>
internal sealed record NativeCheck(IReadOnlyList<(string Key, string? Value)> Keys, TimeSpan? Timeout);

/// <summary>Well-known plugins that are a kind of check of our own. Only arguments that are understood to the last one are translated.</summary>
internal static partial class KnownPlugins
{
    private static readonly PluginOption[] Ping =
    [
        new('H', "hostname", true), new('w', "warning", true), new('c', "critical", true), new('p', "packets", true), new('t', "timeout", true),
        new('4', "use-ipv4", false), new('6', "use-ipv6", false),
    ];

    private static readonly PluginOption[] Icmp =
    [
        new('H', "hostname", true), new('w', "warning", true), new('c', "critical", true), new('p', "packets", true), new('n', "number-of-packets", true), new('t', "timeout", true),
    ];

    private static readonly PluginOption[] Tcp =
    [
        new('H', "hostname", true), new('p', "port", true), new('w', "warning", true), new('c', "critical", true), new('t', "timeout", true),
        new('4', "use-ipv4", false), new('6', "use-ipv6", false),
    ];

    private static readonly PluginOption[] Ssh =
    [
        new('H', "hostname", true), new('p', "port", true), new('t', "timeout", true), new('4', "use-ipv4", false), new('6', "use-ipv6", false),
    ];

    private static readonly PluginOption[] Http =
    [
        new('H', "hostname", true), new('I', "IP-address", true), new('p', "port", true), new('u', "uri", true), new('w', "warning", true), new('c', "critical", true),
        new('t', "timeout", true), new('S', "ssl", false), new('\u0001', "sni", false), new('s', "string", true), new('e', "expect", true), new('f', "onredirect", true),
        new('E', "extended-perfdata", false), new('L', "link", false),
    ];

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <summary>Null: no such plugin, or not all of it is understood.</summary>
    /// <param name="command">Program and arguments, the host's address as <see cref="NagiosMacros.Address"/>.</param>
    /// <param name="address">The host's address.</param>
    internal static NativeCheck? Of(IReadOnlyList<string> command, string address)
    {
        // An argument that is not given is often an empty one at the end, which these plugins pass over.
        var end = command.Count;
        while (end > 1 && command[end - 1].Length == 0)
        {
            end--;
        }

        IReadOnlyList<string> arguments = [.. command.Take(end).Skip(1)];
        return command[0] switch
        {
            "check_ping" => Pinged(PluginArguments.Of(arguments, Ping), address, 'p', 5),
            "check_icmp" => Pinged(PluginArguments.Of(arguments, Icmp), address, 'n', 5),
            "check_tcp" => Connected(PluginArguments.Of(arguments, Tcp), address),
            "check_ssh" => Greeted(PluginArguments.Of(HostNamed(arguments), Ssh), address),
            "check_http" => Fetched(PluginArguments.Of(arguments, Http), address),
            _ => null,
        };
    }

    private static NativeCheck? Pinged(IReadOnlyDictionary<char, string>? said, string address, char count, int usual)
    {
        if (said is null || Target(said, 'H', address) is not { } target || Packets(said, count, usual) is not { } packets || !Family(said, target.Real))
        {
            return null;
        }

        var (warn, crit) = (PingPoint(said.GetValueOrDefault('w')), PingPoint(said.GetValueOrDefault('c')));
        if (warn is null || crit is null || warn.Value.Time > crit.Value.Time || warn.Value.Loss > crit.Value.Loss || (count == 'n' && said.ContainsKey('p')))
        {
            return null;
        }

        return Within(
        [
            ("kind", "ping"), ("packets", SpecPrint.Number(packets)), ("warn", PingText(warn.Value)), ("crit", PingText(crit.Value)), ("address", target.Written),
        ],
        crit.Value.Time,
        said);
    }

    private static NativeCheck? Connected(IReadOnlyDictionary<char, string>? said, string address) =>
        said is null || Target(said, 'H', address) is not { } target || Port(said) is not { } port || !Family(said, target.Real) || Times(said) is not { } times ? null : Within(
            [("kind", "tcp"), ("port", SpecPrint.Number(port)), ("warn", Time(times.Warn)), ("crit", Time(times.Crit)), ("address", target.Written)],
            times.Crit,
            said);

    private static NativeCheck? Greeted(IReadOnlyDictionary<char, string>? said, string address) =>
        said is null || Target(said, 'H', address) is not { } target || (said.ContainsKey('p') && Port(said) is null) || !Family(said, target.Real) ? null : Within(
            [("kind", "ssh"), ("port", Port(said) is { } port and not 22 ? SpecPrint.Number(port) : null), ("address", target.Written)],
            null,
            said);

    /// <summary>check_ssh takes its host as the last word too.</summary>
    private static IReadOnlyList<string> HostNamed(IReadOnlyList<string> arguments) =>
        arguments.Count == 0 || arguments[^1].StartsWith('-') || arguments.Any(a => a is "-H" || a.StartsWith("--hostname", StringComparison.Ordinal))
            ? arguments
            : [.. arguments.Take(arguments.Count - 1), "-H", arguments[^1]];

    private static NativeCheck? Fetched(IReadOnlyDictionary<char, string>? said, string address)
    {
        // -I is where to connect, -H the name to ask for; -H alone is both.
        if (said is null || Target(said, said.ContainsKey('I') ? 'I' : 'H', address) is not { } target || Times(said) is not { } times)
        {
            return null;
        }

        var tls = said.ContainsKey('S');
        var port = said.ContainsKey('p') ? Port(said) : tls ? 443 : 80;
        var name = said.ContainsKey('I') && said.TryGetValue('H', out var host) ? host.Replace(NagiosMacros.Address.ToString(), address, StringComparison.Ordinal) : null;
        var path = said.GetValueOrDefault('u', "/");
        var statuses = Statuses(said.GetValueOrDefault('e'));
        var redirects = said.GetValueOrDefault('f', "ok");
        if (port is null || !AddressRules.IsPath(path) || (name is not null && !AddressRules.IsHost(name)) || statuses is null || redirects is not ("ok" or "follow")
            || (said.TryGetValue('s', out var text) && (text.Length is 0 or > 1000 || string.IsNullOrWhiteSpace(text) || text != text.Trim() || SpecWords.Unprintable(text) is not null)))
        {
            return null;
        }

        var expect = SpecPrint.Map(
        [
            ("status", statuses.Count == 0 ? null : SpecPrint.List(statuses)), ("contains", said.TryGetValue('s', out var wanted) ? SpecPrint.Quoted(wanted) : null),
        ]);
        return Within(
        [
            ("kind", tls ? "https" : "http"),
            ("port", port == (tls ? 443 : 80) ? null : SpecPrint.Number(port.Value)),
            ("host_name", name is null || name == target.Real ? null : SpecPrint.Quoted(name)),
            ("path", path == "/" ? null : SpecPrint.Quoted(path)),
            ("expect", statuses.Count == 0 && wanted is null ? null : expect),
            ("redirects", redirects == "follow" ? "follow" : null),
            ("warn", Time(times.Warn)),
            ("crit", Time(times.Crit)),
            ("verify", tls ? "false" : null), // check_http accepts any certificate
            ("address", target.Written),
        ],
        times.Crit,
        said);
    }

    /// <summary>Where it looks: as written (null: the host's own address), and really; null: no address.</summary>
    private static (string? Written, string Real)? Target(IReadOnlyDictionary<char, string> said, char option, string address)
    {
        if (!said.TryGetValue(option, out var host))
        {
            return null;
        }

        return host == NagiosMacros.Address.ToString() || host == address ? (null, address) : AddressRules.IsHost(host) ? (SpecPrint.Quoted(host), host) : null;
    }

    // -4 and -6 choose between the addresses of a name; an address is its own choice.
    private static bool Family(IReadOnlyDictionary<char, string> said, string address) => (!said.ContainsKey('4') && !said.ContainsKey('6')) || AddressRules.IsIp(address);

    private static int? Packets(IReadOnlyDictionary<char, string> said, char option, int usual) =>
        !said.TryGetValue(option, out var text) ? usual : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 20 ? count : null;

    private static int? Port(IReadOnlyDictionary<char, string> said) =>
        said.TryGetValue('p', out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;

    private static (TimeSpan Time, int Loss)? PingPoint(string? text) =>
        text is not null && PingShape().Match(text) is { Success: true } match && Seconds(match.Groups["ms"].Value, 0.001) is { } time
        && double.TryParse(match.Groups["loss"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var loss) && loss == Math.Floor(loss) && loss is >= 1 and <= 100
            ? (time, (int)loss)
            : null;

    private static string PingText((TimeSpan Time, int Loss) point) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{point.Time.TotalMilliseconds:0.###}ms, {point.Loss}%\"");

    private static (TimeSpan? Warn, TimeSpan? Crit)? Times(IReadOnlyDictionary<char, string> said)
    {
        var (warn, crit) = (said.GetValueOrDefault('w'), said.GetValueOrDefault('c'));
        var (w, c) = (warn is null ? null : Seconds(warn, 1), crit is null ? null : Seconds(crit, 1));
        return (warn is not null && w is null) || (crit is not null && c is null) || w > c ? null : (w, c);
    }

    /// <summary>A plain number; a range such as <c>1:5</c> is none.</summary>
    private static TimeSpan? Seconds(string text, double unit) =>
        NumberShape().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && TimeSpan.FromMilliseconds(Math.Round(number * unit * 1000, 3)) is var span
        && span >= TimeSpan.FromMilliseconds(1) && span < SpecDefaults.MostTimeout - TimeSpan.FromSeconds(1)
            ? span
            : null;

    private static string? Time(TimeSpan? span) => span is { } time ? SpecWords.Of(time) : null;

    // As long as the plugin waits, and above its critical time: slow and away are told apart. Null: it waits longer than a look of ours
    // may, or says what its time-out means (`30:critical`).
    private static NativeCheck? Within(IReadOnlyList<(string Key, string? Value)> keys, TimeSpan? crit, IReadOnlyDictionary<char, string> said)
    {
        var own = said.TryGetValue('t', out var text) ? Seconds(text, 1) : Usual;
        if (own is not { } wait || wait < SpecDefaults.LeastTimeout)
        {
            return null;
        }

        wait = crit >= wait ? TimeSpan.FromSeconds(Math.Ceiling(crit.Value.TotalSeconds) + 1) : wait;
        return new NativeCheck(keys, wait == SpecDefaults.Timeout ? null : wait);
    }

    /// <summary><c>200</c>, <c>200,302</c>, <c>HTTP/1.1 200</c>; empty: any below 400; null: something else.</summary>
    private static IReadOnlyList<string>? Statuses(string? text)
    {
        if (text is null)
        {
            return [];
        }

        var codes = text.Split(',', StringSplitOptions.TrimEntries).Select(c => StatusShape().Match(c)).ToList();
        return codes.TrueForAll(c => c.Success) ? [.. codes.Select(c => c.Groups["code"].Value).Distinct()] : null;
    }

    [GeneratedRegex(@"\A(?<ms>[0-9.]+)(ms)?,(?<loss>[0-9.]+)%?\z", RegexOptions.NonBacktracking)]
    private static partial Regex PingShape();

    [GeneratedRegex(@"\A[0-9]{1,7}(\.[0-9]{1,6})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex NumberShape();

    [GeneratedRegex(@"\A(HTTP/[0-9.]+ ?)?(?<code>[1-5][0-9][0-9])\z", RegexOptions.NonBacktracking)]
    private static partial Regex StatusShape();
}
