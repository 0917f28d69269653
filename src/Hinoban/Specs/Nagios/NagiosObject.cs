namespace Hinoban.Specs.Nagios;

/// <summary>A directive's value with its place; null: the word <c>null</c>, which takes away what a template says.</summary>
internal readonly record struct NagiosField(string? Value, SpecPlace At);

/// <summary>
/// One <c>define TYPE { … }</c> with its templates linked. What it does not say itself, its templates say in their order; nothing is copied,
/// so that ten thousand services of one template cost what they say themselves.
/// </summary>
internal sealed class NagiosObject(string type, SpecPlace at)
{
    /// <summary>No key of the language: a command that begins with <c>!</c>, by which a service template has the last word over what uses it.</summary>
    private const string ImportantKey = "!check_command";

    private readonly Dictionary<string, NagiosField> own = [];
    private IReadOnlyList<NagiosObject> templates = [];

    // Of templates only: without it, templates that use two others each would be asked twice as often at every level.
    private Dictionary<string, NagiosField?>? remembered;

    internal string Type { get; } = type;

    internal SpecPlace At { get; } = at;

    /// <summary>The directives of a time period that are no keys: days and dates with their hours.</summary>
    internal List<NagiosField> Lines { get; } = [];

    internal IReadOnlyDictionary<string, NagiosField> Own => own;

    internal IReadOnlyList<NagiosObject> Templates => templates;

    /// <summary><c>register 0</c>: a template and nothing else. Not inherited.</summary>
    internal bool IsRegistered => !own.TryGetValue("register", out var said) || NagiosWords.Number(said.Value) is > 0;

    internal string? Name => own.GetValueOrDefault("name").Value;

    internal void Say(string key, NagiosField value) => own[key] = value; // said twice, the last one holds

    internal void Link(IReadOnlyList<NagiosObject> found)
    {
        templates = found;
        foreach (var template in found)
        {
            template.remembered ??= [];
        }
    }

    /// <summary>What it says by itself or by a template; null: nothing, or <c>null</c>.</summary>
    internal string? Find(string key) => Field(key)?.Value;

    internal NagiosField? Field(string key)
    {
        if (remembered is null)
        {
            return Look(key);
        }

        if (!remembered.TryGetValue(key, out var field))
        {
            remembered[key] = field = Look(key);
        }

        return field;
    }

    internal SpecPlace PlaceOf(string key) => Field(key)?.At ?? At;

    internal bool Has(string key) => Field(key) is not null;

    internal IReadOnlyList<string> Names(string key) => NagiosWords.List(Find(key));

    /// <summary>A number; what is none counts as 0, as it does for Nagios.</summary>
    internal double Number(string key, double otherwise) => Field(key) is { Value: { } text } ? NagiosWords.Number(text) : otherwise;

    internal bool Flag(string key, bool otherwise) => Field(key) is { Value: { } text } ? NagiosWords.Number(text) > 0 : otherwise;

    private NagiosField? Look(string key) => key switch
    {
        ImportantKey => templates.Select(t => t.Field(ImportantKey)).LastOrDefault(f => f is not null) ?? (own.TryGetValue("check_command", out var said) && said.Value is ['!', ..] ? said : null),
        "check_command" when templates.Select(t => t.Field(ImportantKey)).LastOrDefault(f => f is not null) is { } important => important,
        _ when NagiosWords.IsAdditive(Type, key) => Additive(key),
        _ => own.TryGetValue(key, out var plain) ? plain : templates.Select(t => t.Field(key)).FirstOrDefault(f => f is not null),
    };

    // A value that begins with `+` is added to the first template that says something; what comes of it is added on while it still begins so.
    private NagiosField? Additive(string key)
    {
        NagiosField? sum = own.TryGetValue(key, out var said) ? said : null;
        foreach (var template in templates)
        {
            if (template.Field(key) is not { } theirs)
            {
                continue;
            }

            if (sum is null)
            {
                sum = theirs;
            }
            else if (theirs.Value is not null && sum.Value.Value is ['+', .. var more] && more.Length < NagiosLines.Longest && theirs.Value.Length < NagiosLines.Longest)
            {
                sum = sum.Value with { Value = $"{theirs.Value},{more}" };
            }
        }

        return sum;
    }
}
