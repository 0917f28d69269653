using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What every check of a customer is read against.</summary>
internal sealed record CheckGround(SpecProblems Problems, SpecMap Defaults, IReadOnlyList<SiteName> Sites, RunbookShelf Runbooks)
{
    /// <summary>Hosts that checks name as those on which they are done, right or wrong as the checks may be otherwise.</summary>
    internal List<SpecScalar> Froms { get; } = [];
}

/// <summary>Reads one check with all its layers: kind, pace, thresholds, sites, runbook. Null where it is wrong or not in force yet.</summary>
internal sealed class CheckReader(CheckGround ground, CheckLayers layers)
{
    private readonly SpecValues values = new(ground.Problems);

    internal static CheckSpec? Read(CheckGround ground, IReadOnlyList<CheckLayer> layers, string key, bool alive)
    {
        var merged = new CheckLayers(layers, ground.Defaults);
        var reader = new CheckReader(ground, merged);
        var inForce = reader.IsInForce();
        return merged.Kind == PassiveLookPlan.Word ? PassiveReader.Read(ground, merged, reader.values, key, alive) : reader.Check(key, alive, inForce);
    }

    /// <summary>The same of a service, and whether there was a mistake in it.</summary>
    internal static (CheckSpec? Check, bool IsWrong) Service(CheckGround ground, IReadOnlyList<CheckLayer> layers, string key)
    {
        var before = ground.Problems.Errors;
        return (Read(ground, layers, key, alive: false), ground.Problems.Errors > before);
    }

    /// <summary>The words that stand for a whole check: <c>ping</c>, <c>tcp:22</c>, <c>https:8443</c>, <c>smtp:587</c>; null with the problem reported.</summary>
    internal static SpecMap? Short(SpecProblems problems, SpecScalar word)
    {
        var parts = word.Text.Split(':', 2);
        var entries = new List<SpecEntry> { Entry(word, "kind", parts[0]) };
        if (parts.Length == 2)
        {
            entries.Add(Entry(word, "port", parts[1]));
        }

        var fits = parts is ["ping" or "http" or "https"] or ["http" or "https" or "tcp", { Length: > 0 }]
            || (ServiceKind.Is(parts[0]) && parts.Skip(1).All(p => p.Length > 0));
        if (!fits)
        {
            problems.Wrong(word.At, CheckText.NotACheck(word.Text), CheckText.CheckWords);
            return null;
        }

        return new SpecMap(word.At, entries);
    }

    private static SpecEntry Entry(SpecScalar word, string key, string value) =>
        new(new SpecScalar(word.At, key, plain: true), new SpecScalar(word.At, value, plain: true));

    private bool IsInForce()
    {
        var problems = ground.Problems;
        if (Array.IndexOf(CheckLanguage.Kinds, layers.Kind) < 0)
        {
            problems.Wrong(layers.KindAt, CheckText.NotAKind(layers.Kind), Suggest.Nearest(layers.Kind, CheckLanguage.Kinds) is { } near ? SpecText.DidYouMean(near) : Suggest.OneOf(CheckLanguage.Kinds));
            return false;
        }

        var keys = CheckLanguage.CheckOf(layers.Kind);
        foreach (var layer in layers.Own)
        {
            Clause.Sort(problems, layer.Map, keys);
        }

        return layers.Kind == PassiveLookPlan.Word || (!HasVia() && !HasLater(keys, AgentLookReader.From) && !HasSecret());
    }

    private bool HasLater(ClauseKeys keys, string key) => layers.Find(key).Node is not null && Array.IndexOf(keys.InForce, key) < 0;

    /// <summary>Whether it has a way in that is not in force for its kind, or a wrong one.</summary>
    private bool HasVia()
    {
        if (layers.Find("via").Node is not { } via)
        {
            return false;
        }

        if (values.OneOf(via, SpecText.Key("via"), [.. CheckLanguage.Vias.Select(v => (v, v.Length))]) is null)
        {
            return true;
        }

        if (AgentLookReader.IsInside(layers))
        {
            return false;
        }

        ground.Problems.NotInForce(via.At, CheckText.Via(((SpecScalar)via).Text), CheckText.NotLookedAt);
        return true;
    }

    private bool HasSecret()
    {
        var secret = values.Many(layers.Find("command").Node)
            .OfType<SpecScalar>().FirstOrDefault(a => a.Text.StartsWith("secret:", StringComparison.Ordinal));
        if (secret is not null)
        {
            ground.Problems.NotInForce(secret.At, CheckText.Secrets, CheckText.NotLookedAt);
        }

        return secret is not null;
    }

    /// <summary>What every kind of check has is read also of one that is not looked at: no mistake hides another.</summary>
    private CheckSpec? Check(string key, bool alive, bool inForce)
    {
        var timeout = Span("timeout", SpecDefaults.LeastTimeout, SpecDefaults.MostTimeout) ?? SpecDefaults.Timeout;
        var interval = Span("interval", SpecDefaults.LeastInterval, SpecDefaults.MostInterval) ?? SpecDefaults.Interval;
        var look = inForce ? new LookReader(values, layers, timeout).Read(alive, key) : null;
        var sites = HostParts.Sites(values, layers.Find("sites", orDefault: true).Node, ground.Sites, CustomerText.CustomersSites);
        var address = values.Where(layers.Find("address").Node, CustomerText.Address, AddressRules.IsHost, CustomerText.AddressRight);
        var was = HostParts.Was(values, layers.Find("was").Node, CheckText.FormerName);
        var attempts = values.Whole(layers.Find("attempts", orDefault: true).Node, SpecText.Key("attempts"), 1, SpecDefaults.MostAttempts);
        var retry = Span("retry", SpecDefaults.LeastInterval, SpecDefaults.MostInterval);
        var flapping = FlapReader.Read(ground.Problems, layers.Find("flapping", orDefault: true).Node);
        var runbook = ground.Runbooks.Named(values, layers.Find("runbook").Node);
        var depends = DependsReader.Read(ground.Problems, values, layers.Find(DependsReader.Key).Node);
        if (alive && depends is not null)
        {
            ground.Problems.Wrong(depends.Node.At, DependsText.OnAlive, DependsText.OnAliveRight);
        }

        var inside = AgentLookReader.Written(layers);
        if (inside?.From is { } from)
        {
            ground.Froms.Add(from);
        }

        if (alive && inside is not null)
        {
            ground.Problems.Wrong(layers.KindAt, AgentText.InsideHost, CheckText.PassiveHostRight);
        }

        if (inForce && timeout > interval)
        {
            ground.Problems.Note(Place("timeout", "interval"), CheckText.LongTimeout(SpecWords.Of(timeout), SpecWords.Of(interval)), CheckText.MissesSlot);
        }

        return look is null ? null : new CheckSpec(key, was, look, address, interval, timeout, attempts, retry, sites, runbook) { Flapping = flapping, DependsOn = depends, Inside = inside };
    }

    private TimeSpan? Span(string key, TimeSpan least, TimeSpan most) =>
        values.Duration(layers.Find(key, orDefault: true).Node, SpecText.Key(key), least, most);

    /// <summary>Where two values that do not fit together were brought together: the more specific one of them.</summary>
    private SpecPlace Place(string first, string second)
    {
        var (a, rankA) = layers.Find(first, orDefault: true);
        var (b, rankB) = layers.Find(second, orDefault: true);
        return (rankA >= rankB ? a ?? b : b ?? a)?.At ?? layers.Name.At;
    }
}
