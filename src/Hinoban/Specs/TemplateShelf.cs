using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What the templates that a host uses say together: checks by name in order, and the host check.</summary>
internal sealed class MergedTemplates(OrderedDictionary<string, IReadOnlyList<CheckLayer>> checks, SpecPiece? alive)
{
    internal static MergedTemplates None { get; } = new([], null);

    internal OrderedDictionary<string, IReadOnlyList<CheckLayer>> Checks => checks;

    internal SpecPiece? Alive => alive;

    /// <summary>Checks that hosts take unchanged are read once, however many hosts there are.</summary>
    internal Dictionary<string, (CheckSpec? Check, bool IsWrong)> Read { get; } = [];
}

/// <summary>The templates of a customer, resolved through their own <c>use</c>.</summary>
internal sealed class TemplateShelf
{
    /// <summary>Templates may use templates so deep; nobody overlooks more, and each level is a call within a call.</summary>
    private const int Deepest = 16;

    private readonly CheckGround ground;
    private readonly SpecValues values;
    private readonly Dictionary<string, SpecEntry> written = [];
    private readonly Dictionary<string, MergedTemplates> resolved = [];
    private readonly Dictionary<string, MergedTemplates> combined = [];
    private readonly HashSet<string> resolving = [];

    internal TemplateShelf(CheckGround ground, SpecPiece? templates)
    {
        this.ground = ground;
        values = new SpecValues(ground.Problems);
        foreach (var entry in Section.Entries(ground.Problems, templates, SpecText.Key("templates"), "web-server: { checks: { … } }"))
        {
            if (values.Key(entry.Key, CheckText.TemplateName) is { } name)
            {
                written[name] = entry;
            }
        }

        foreach (var name in written.Keys)
        {
            ReadOnce(Resolve(name));
        }
    }

    /// <summary>What <c>use: a</c> or <c>use: [a, b]</c> brings, later templates over earlier ones.</summary>
    internal MergedTemplates Use(SpecPiece? use)
    {
        var names = Names(use);
        if (names.Count == 0)
        {
            return MergedTemplates.None;
        }

        if (names.Count == 1)
        {
            return Resolve(names[0]);
        }

        var key = string.Join(' ', names);
        if (!combined.TryGetValue(key, out var merged))
        {
            combined[key] = merged = Merge(names);
        }

        return merged;
    }

    /// <summary>A check's entry as a layer; null for <c>none</c> (not wanted) and for what is no check.</summary>
    internal static CheckLayer? Layer(SpecProblems problems, SpecEntry entry, string? via)
    {
        var map = entry.Value switch
        {
            SpecMap written => written,
            SpecScalar { IsNull: false } word => CheckReader.Short(problems, word),
            _ => null,
        };
        if (map is null && entry.Value is not SpecScalar { IsNull: false })
        {
            problems.Wrong(entry.Value.At, SpecText.Is(CheckText.CheckNamed(entry.Key.Text), SpecValues.Kind(entry.Value)), CheckText.LayerRight);
        }

        return map is null ? null : new CheckLayer(entry.Key, map, via);
    }

    internal static bool IsNone(SpecPiece node) => node is SpecScalar { Text: "none" };

    private List<string> Names(SpecPiece? use)
    {
        var names = new List<string>();
        foreach (var node in values.Many(use))
        {
            if (values.Word(node, SpecText.Key("use"), CheckText.UseRight) is not { } name)
            {
                continue;
            }

            if (!written.ContainsKey(name))
            {
                ground.Problems.Unknown(node.At, CheckText.NoTemplate(name), name, written.Keys);
            }
            else if (names.Contains(name))
            {
                ground.Problems.Wrong(node.At, CheckText.TemplateTwice(name), CheckText.UseOnce);
            }
            else
            {
                names.Add(name);
            }
        }

        return names;
    }

    private MergedTemplates Resolve(string name)
    {
        if (resolved.TryGetValue(name, out var known))
        {
            return known;
        }

        var entry = written[name];
        if (!resolving.Add(name))
        {
            ground.Problems.Wrong(entry.Key.At, CheckText.UsesItself(name), CheckText.OutOfTheChain);
            return MergedTemplates.None;
        }

        if (resolving.Count > Deepest + 1)
        {
            resolving.Remove(name);
            ground.Problems.Wrong(entry.Key.At, CheckText.TooDeep(name, Deepest), CheckText.Shallower);
            return MergedTemplates.None;
        }

        var own = Clause.Open(ground.Problems, Section.Filled(entry), entry.Key.At, SpecLanguage.Template);
        var merged = own is null ? MergedTemplates.None : Own(own);
        resolving.Remove(name);
        return resolved[name] = merged;
    }

    private MergedTemplates Own(Clause template)
    {
        var via = template.Find("via") is { } node && values.OneOf(node, SpecText.Key("via"), [.. CheckLanguage.Vias.Select(v => (v, v.Length))]) is not null
            ? ((SpecScalar)node).Text
            : null;
        var below = Merge(Names(template.Find("use")));
        var checks = new OrderedDictionary<string, IReadOnlyList<CheckLayer>>(below.Checks);
        foreach (var entry in Section.Entries(ground.Problems, template.Find("checks"), SpecText.Key("checks"), "http: { kind: http }"))
        {
            Put(ground.Problems, checks, entry, via);
        }

        return new MergedTemplates(checks, template.Find("alive") ?? below.Alive);
    }

    /// <summary>Lays an entry over what is there: <c>none</c> takes the check away.</summary>
    internal static void Put(SpecProblems problems, OrderedDictionary<string, IReadOnlyList<CheckLayer>> checks, SpecEntry entry, string? via)
    {
        var name = entry.Key.Text;
        if (IsNone(entry.Value))
        {
            if (!checks.Remove(name))
            {
                problems.Unknown(entry.Value.At, CheckText.NoCheckToTake(name), name, checks.Keys);
            }

            return;
        }

        if (Layer(problems, entry, via) is { } layer)
        {
            checks[name] = checks.TryGetValue(name, out var below) ? Over(below, [layer]) : [layer];
        }
    }

    private MergedTemplates Merge(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return MergedTemplates.None;
        }

        var checks = new OrderedDictionary<string, IReadOnlyList<CheckLayer>>();
        SpecPiece? alive = null;
        foreach (var merged in names.Select(Resolve))
        {
            alive = merged.Alive ?? alive;
            foreach (var (name, layers) in merged.Checks)
            {
                checks[name] = checks.TryGetValue(name, out var below) ? Over(below, layers) : layers;
            }
        }

        return new MergedTemplates(checks, alive);
    }

    // A layer that comes twice says nothing the first time: the later one says the same over all between.
    private static IReadOnlyList<CheckLayer> Over(IReadOnlyList<CheckLayer> below, IReadOnlyList<CheckLayer> layers)
    {
        var later = new HashSet<CheckLayer>(layers, ReferenceEqualityComparer.Instance);
        return [.. below.Where(l => !later.Contains(l)), .. layers];
    }

    private void ReadOnce(MergedTemplates merged)
    {
        foreach (var (name, layers) in merged.Checks)
        {
            values.Key(layers[^1].Name, CheckText.Name);
            merged.Read[name] = CheckReader.Service(ground, layers, name);
        }
    }
}

/// <summary>Opens the sections that are maps of named things.</summary>
internal static class Section
{
    /// <summary>A name with nothing after it stands for an empty map: what it must have is then named as missing.</summary>
    internal static SpecPiece Filled(SpecEntry entry) => entry.Value.IsNull ? new SpecMap(entry.Value.At, []) : entry.Value;

    internal static IReadOnlyList<SpecEntry> Entries(SpecProblems problems, SpecPiece? node, Text what, string example)
    {
        switch (node)
        {
            case null:
                return [];
            case SpecMap map:
                return map.Entries;
            default:
                problems.Wrong(node.At, SpecText.Is(what, SpecValues.Kind(node)), SpecText.MapOfNames(example));
                return [];
        }
    }
}
