using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Server.Options;

/// <summary>Reads single settings in their types. What is wrong is noted and a harmless value returned, so that reading goes on.</summary>
internal sealed partial class SettingValues(ServerRole role, SettingSources sources, List<OptionProblem> problems)
{
    private static readonly Uri Harmless = new("http://127.0.0.1:0/");

    internal void Wrong(Setting setting, Text wrong, Text right) =>
        problems.Add(new OptionProblem(sources.Of(setting)?.Where ?? setting.Key, wrong, right));

    /// <summary>Null (and a problem) if it is given nowhere or empty.</summary>
    internal Given? Required(Setting setting)
    {
        var given = sources.Of(setting);
        if (given is null)
        {
            Wrong(setting, OptionText.NotSet, OptionText.SetIt(setting, Settings.FlagsOf(role).Contains(setting)));
        }
        else if (given.Values.Count == 0 || given.Values.Any(string.IsNullOrWhiteSpace))
        {
            Wrong(setting, OptionText.Empty, OptionText.SetIt(setting, Settings.FlagsOf(role).Contains(setting)));
            return null;
        }
        else if (setting.Shape == SettingShape.One && given.Values.Count > 1)
        {
            Wrong(setting, OptionText.OneValueOnly, OptionText.Nothing);
        }

        return given;
    }

    /// <summary>The one value, its default, or null.</summary>
    internal string? Optional(Setting setting)
    {
        var given = sources.Of(setting);
        if (given is { Values.Count: > 1 })
        {
            Wrong(setting, OptionText.OneValueOnly, OptionText.Nothing);
        }

        return given is { Values: [{ Length: > 0 } value, ..] } ? value : setting.Default.Length > 0 ? setting.Default : null;
    }

    internal string Word(Setting setting) => Optional(setting) ?? "";

    internal T OneOf<T>(Setting setting, params (string Word, T Value)[] words)
    {
        var word = Word(setting);
        foreach (var (known, value) in words)
        {
            if (word == known)
            {
                return value;
            }
        }

        Wrong(setting, OptionText.NotOneOf(word), OptionText.OneOf(words.Select(w => w.Word)));
        return words[0].Value;
    }

    internal IReadOnlyList<string> Names(Setting setting)
    {
        var names = sources.Of(setting)?.Values ?? setting.Default.Split(", ");
        if (names.Count == 0 || names.Any(n => !NamePattern().IsMatch(n)))
        {
            Wrong(setting, OptionText.NotAName, OptionText.NameRight);
        }
        else if (names.Distinct().Count() != names.Count)
        {
            Wrong(setting, OptionText.Twice, OptionText.Nothing);
        }
        else if (names.Contains(ProviderPlan.Desk.Value))
        {
            Wrong(setting, OptionText.NameReserved, OptionText.Nothing);
        }

        return names;
    }

    /// <summary>Empty if not given. Each wrong one is a problem of its own.</summary>
    internal IReadOnlyList<IPAddress> IpAddresses(Setting setting)
    {
        var found = new List<IPAddress>();
        foreach (var word in sources.Of(setting)?.Values ?? [])
        {
            if (IpAddress(word) is { } address)
            {
                found.Add(address);
            }
            else
            {
                Wrong(setting, OptionText.NotAnIpAddress(word), OptionText.IpAddressRight);
            }
        }

        return found;
    }

    /// <summary>Seconds, minutes, hours or days: <c>30s</c>, <c>10m</c>, <c>2h</c>, <c>2d</c>.</summary>
    internal TimeSpan Duration(Setting setting)
    {
        var match = DurationPattern().Match(Word(setting));
        if (match.Success && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return match.Groups[2].Value switch
            {
                "s" => TimeSpan.FromSeconds(count),
                "m" => TimeSpan.FromMinutes(count),
                "h" => TimeSpan.FromHours(count),
                _ => TimeSpan.FromDays(count),
            };
        }

        Wrong(setting, OptionText.NotADuration, OptionText.DurationRight);
        return TimeSpan.FromSeconds(1);
    }

    internal Uri Url(Setting setting, Text right)
    {
        if (setting.Default.Length == 0 && Required(setting) is null)
        {
            return Harmless;
        }

        return Url(setting, Word(setting), right);
    }

    /// <summary>One or more; a problem for each that is none.</summary>
    internal IReadOnlyList<Uri> Urls(Setting setting, Text right) =>
        Required(setting) is { } given ? [.. given.Values.Select(word => Url(setting, word, right))] : [Harmless];

    private Uri Url(Setting setting, string word, Text right)
    {
        if (Uri.TryCreate(word, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0)
        {
            return url;
        }

        Wrong(setting, OptionText.NotAUrl, right);
        return Harmless;
    }

    internal (string Host, int Port) HostPort(Setting setting)
    {
        var word = Word(setting);
        var colon = word.LastIndexOf(':');
        var host = colon > 0 ? word[..colon] : "";
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (host.Length > 0 && (bracketed || !host.Contains(':', StringComparison.Ordinal))
            && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && int.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
        {
            return (bracketed ? host[1..^1] : host, port);
        }

        Wrong(setting, OptionText.NotHostPort, OptionText.SmtpRight);
        return ("127.0.0.1", 25);
    }

    /// <summary>Null if not given. Whether the file is there is not asked.</summary>
    internal string? PathOf(Setting setting) => Optional(setting) is { } path ? Path.GetFullPath(path, FolderOf(setting)) : null;

    /// <summary>Null if not given, or (with a problem) if there is no such file.</summary>
    internal string? ExistingFile(Setting setting)
    {
        var path = PathOf(setting);
        if (path is null || File.Exists(path))
        {
            return path;
        }

        Wrong(setting, OptionText.NoSuchFile, Text.Same(path));
        return null;
    }

    internal IReadOnlyList<string> Paths(Setting setting) =>
        [.. (sources.Of(setting)?.Values ?? [setting.Default]).Select(p => Path.GetFullPath(p, FolderOf(setting)))];

    internal IReadOnlyList<string> ExistingPaths(Setting setting)
    {
        var paths = Paths(setting);
        foreach (var missing in paths.Where(p => !Path.Exists(p)))
        {
            Wrong(setting, OptionText.NoSuchPath, Text.Same(missing));
        }

        return paths;
    }

    /// <summary>A program: a path that exists, or a bare name for the search path.</summary>
    internal string Program(Setting setting)
    {
        var program = Word(setting);
        if (program.Contains('/', StringComparison.Ordinal) && sources.Of(setting) is not null && !File.Exists(Path.GetFullPath(program, FolderOf(setting))))
        {
            Wrong(setting, OptionText.SshMissing, Text.Same(program));
        }

        return program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program, FolderOf(setting)) : program;
    }

    /// <summary>Null if not given.</summary>
    internal string? Domain(Setting setting)
    {
        var domain = Optional(setting);
        if (domain is not null && !DomainPattern().IsMatch(domain))
        {
            Wrong(setting, OptionText.NotADomain, OptionText.DomainRight);
        }

        return domain;
    }

    internal TimeZoneInfo Zone(Setting setting)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(Word(setting), out var zone))
        {
            return zone;
        }

        Wrong(setting, OptionText.NotAZone, OptionText.ZoneRight);
        return TimeZoneInfo.Utc;
    }

    /// <summary>Empty if not given.</summary>
    internal string Address(Setting setting)
    {
        var address = Word(setting);
        if (address.Length > 0 && !AddressPattern().IsMatch(address))
        {
            Wrong(setting, OptionText.NotAnAddress, OptionText.AddressRight);
        }

        return address;
    }

    // The parser takes "10.5" for 10.0.0.5 and the like; 0.0.0.0 and :: are nobody's address, and look like "everybody".
    private static IPAddress? IpAddress(string word) =>
        IPAddress.TryParse(word, out var address) && (word.Contains(':', StringComparison.Ordinal) ? !word.Contains('[', StringComparison.Ordinal) : address.ToString() == word)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : null;

    private string FolderOf(Setting setting) => sources.Of(setting)?.Folder ?? sources.Folder;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A([0-9]{1,6})([smhd])\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex DomainPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AddressPattern();
}
