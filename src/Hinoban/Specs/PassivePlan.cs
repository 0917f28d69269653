namespace Hinoban.Specs;

/// <summary>
/// Nobody looks: results are posted to the desk, and one must come within <see cref="Freshness"/> of the last. The desk takes them at their word;
/// there are no sites to agree.
/// </summary>
internal sealed record PassiveLookPlan(TimeSpan Freshness) : LookPlan
{
    internal const string Word = "passive";

    internal override string Kind => Word;

    internal override string Thresholds => $"freshness {SpecWords.Of(Freshness)}";
}

/// <summary>Reads a check of kind <c>passive</c>.</summary>
internal static class PassiveReader
{
    internal static readonly TimeSpan Least = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan Most = TimeSpan.FromDays(31);

    /// <summary>The keys that say something about looking are none of its: a result that comes is no look, so it is hard at once unless <c>attempts</c> says otherwise.</summary>
    internal static CheckSpec? Read(CheckGround ground, CheckLayers layers, SpecValues values, string key, bool alive)
    {
        var freshness = values.Duration(layers.Find("freshness").Node, SpecText.Key("freshness"), Least, Most);
        if (layers.Find("freshness").Node is null)
        {
            ground.Problems.Wrong(layers.Name.At, SpecText.Lacks(CheckLanguage.CheckOf(PassiveLookPlan.Word).What, "freshness"), SpecText.ForInstance("freshness", "10m"));
        }

        var was = HostParts.Was(values, layers.Find("was").Node, CheckText.FormerName);
        var attempts = values.Whole(layers.Find("attempts").Node, SpecText.Key("attempts"), 1, SpecDefaults.MostAttempts);
        var flapping = FlapReader.Read(ground.Problems, layers.Find("flapping", orDefault: true).Node);
        var runbook = ground.Runbooks.Named(values, layers.Find("runbook").Node);
        var depends = DependsReader.Read(ground.Problems, values, layers.Find(DependsReader.Key).Node);
        if (alive)
        {
            ground.Problems.Wrong(layers.KindAt, CheckText.PassiveHost, CheckText.PassiveHostRight);
        }

        return alive || freshness is not { } within
            ? null
            : new CheckSpec(key, was, new PassiveLookPlan(within), null, within, SpecDefaults.Timeout, attempts ?? 1, within, null, runbook) { Flapping = flapping, DependsOn = depends };
    }
}
