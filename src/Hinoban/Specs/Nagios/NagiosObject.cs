namespace Hinoban.Specs.Nagios;

/// <summary>A directive's value with its place; null: the word <c>null</c>, which takes away what a template says.</summary>
internal readonly record struct NagiosField(string? Value, SpecPlace At);

/// <summary>
/// One <c>define TYPE { … }</c> with its templates linked. What it does not say itself, its templates say in their order; nothing is copied,
/// so that ten thousand services of one template cost what they say themselves.
/// </summary>
internal sealed class NagiosObject(string type, SpecPlace at)
{
    private readonly Dictionary<string, NagiosField> own = [];
    private IReadOnlyList<NagiosObject> templates = [];

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

    internal void Link(IReadOnlyList<NagiosObject> found) => templates = found;

    /// <summary>What it says by itself or by a template; null: nothing, or <c>null</c>.</summary>
    internal string? Find(string key) => Field(key)?.Value;

    internal NagiosField? Field(string key)
    {
        if (NagiosWords.IsAdditive(Type, key))
        {
            return Additive(key);
        }

        if (key == "check_command" && Important() is { } important)
        {
            return important;
        }

        return Plain(key);
    }

    internal SpecPlace PlaceOf(string key) => Field(key)?.At ?? At;

    internal bool Has(string key) => own.ContainsKey(key) || templates.Any(t => t.Has(key));

    internal IReadOnlyList<string> Names(string key) => NagiosWords.List(Find(key));

    /// <summary>A number; what is none counts as 0, as it does for Nagios.</summary>
    internal double Number(string key, double otherwise) => Field(key) is { Value: { } text } ? NagiosWords.Number(text) : otherwise;

    internal bool Flag(string key, bool otherwise) => Field(key) is { Value: { } text } ? NagiosWords.Number(text) > 0 : otherwise;

    /// <summary>Every key it says by itself or by templates, custom variables included.</summary>
    internal IEnumerable<string> Keys() => own.Keys.Concat(templates.SelectMany(t => t.Keys().Where(k => k is not ("name" or "use" or "register")))).Distinct();

    private NagiosField? Plain(string key)
    {
        if (own.TryGetValue(key, out var said))
        {
            return said;
        }

        foreach (var template in templates)
        {
            if (template.Plain(key) is { } inherited)
            {
                return inherited;
            }
        }

        return null;
    }

    /// <summary>A service template whose command begins with <c>!</c> has the last word over what uses it.</summary>
    private NagiosField? Important() => templates.Select(t => t.Important() ?? (t.own.TryGetValue("check_command", out var said) && said.Value is ['!', ..] ? said : null))
        .LastOrDefault(f => f is not null);

    // A value that begins with `+` is added to the first template that says something; what comes of it is added on while it still begins so.
    private NagiosField? Additive(string key)
    {
        NagiosField? sum = own.TryGetValue(key, out var said) ? said : null;
        foreach (var template in templates)
        {
            if (template.Additive(key) is not { } theirs)
            {
                continue;
            }

            if (sum is null)
            {
                sum = theirs;
            }
            else if (theirs.Value is not null && sum.Value.Value is ['+', .. var more])
            {
                sum = sum.Value with { Value = $"{theirs.Value},{more}" };
            }
        }

        return sum;
    }
}
