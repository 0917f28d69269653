namespace Hinoban.Specs;

/// <summary>Writes silences with all their values.</summary>
internal static class SilencePrint
{
    internal static void Write(TextWriter to, IReadOnlyList<SilencePlan> silences)
    {
        if (silences.Count > 0)
        {
            to.WriteLine("silences:");
        }

        foreach (var silence in silences)
        {
            to.WriteLine("  - " + SpecPrint.Map(
            [
                ("what", SpecPrint.Quoted(silence.What)),
                ("when", SpecPrint.Quoted(SilenceWords.Of(silence.When))),
                ("until", silence.When is RecurringTimes recurring ? SilenceWords.Of(recurring.Until) : null),
                ("kind", SilenceWords.Of(silence.Kind)),
                ("for", silence.Kind == SilenceKind.Wait ? SpecWords.Of(silence.For) : null),
                ("match", silence.Kind == SilenceKind.Known ? SpecPrint.Quoted(silence.Match) : null),
                ("reason", SpecPrint.Quoted(silence.Reason)),
                ("owner", SpecPrint.Quoted(silence.Owner)),
            ]));
        }
    }
}
