using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What the main configuration says that changes what objects mean, and the macros of the resource files, whose values are taken for secrets.</summary>
internal sealed class NagiosSettings
{
    private readonly Dictionary<string, NagiosField> values = [];
    private readonly Dictionary<int, (Redacted Value, SpecPlace At)> users = [];

    internal IReadOnlyDictionary<int, (Redacted Value, SpecPlace At)> Users => users;

    /// <summary>Seconds in a unit of every interval.</summary>
    internal double IntervalLength => Number("interval_length", 60) is >= 1 and var length ? length : 60;

    internal bool UsesRegex => Number("use_regexp_matching", 0) > 0;

    /// <summary>Every name is an expression, not only one with <c>* ? +</c> or <c>\.</c> in it.</summary>
    internal bool AlwaysRegex => Number("use_true_regexp_matching", 0) > 0;

    internal bool AllowsEmptyGroups => Number("allow_empty_hostgroup_assignment", 0) > 0;

    /// <summary>Off where a main configuration does not switch it on; object definitions alone do not tell.</summary>
    internal bool FindsFlapping => Number("enable_flap_detection", values.Count == 0 ? 1 : 0) > 0;

    internal TimeSpan ServiceTimeout => Seconds("service_check_timeout", 60);

    internal TimeSpan HostTimeout => Seconds("host_check_timeout", 30);

    internal string? Text(string key) => values.GetValueOrDefault(key).Value;

    internal SpecPlace PlaceOf(string key) => values.GetValueOrDefault(key).At;

    internal bool Has(string key) => values.ContainsKey(key);

    internal double Number(string key, double otherwise) => values.TryGetValue(key, out var said) ? NagiosWords.Number(said.Value) : otherwise;

    internal void Say(string key, NagiosField value) => values[key] = value;

    internal void SayUser(int number, string value, SpecPlace at) => users[number] = (new Redacted(value), at);

    private TimeSpan Seconds(string key, double otherwise) => Number(key, otherwise) is > 0 and < 100_000 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(otherwise);
}
