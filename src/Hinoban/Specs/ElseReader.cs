namespace Hinoban.Specs;

/// <summary>Reads what follows when a step does not go as written: a word, or a word with a reason.</summary>
internal static class ElseReader
{
    private static readonly (string Word, StepElse What)[] Words =
    [
        ("stop", StepElse.Stop), ("call", StepElse.Call), ("escalate", StepElse.Call), ("mail", StepElse.Mail), ("close", StepElse.Close),
    ];

    internal static (StepElse What, string Reason) Read(Clause step, StepElse usual)
    {
        switch (step.Find("else"))
        {
            case null:
                return (usual, "");
            case SpecMap { Entries.Count: > 0 } map:
                return WithReason(step, map, usual);
            case var word:
                return (step.Values.OneOf(word, "`else`", Words) ?? usual, "");
        }
    }

    private static (StepElse What, string Reason) WithReason(Clause step, SpecMap map, StepElse usual)
    {
        var first = map.Entries[0];
        var what = step.Values.OneOf(first.Key, "`else`", Words);
        var reason = step.Values.Line(first.Value, "the reason", 300) ?? "";
        foreach (var (key, value) in map.Entries.Skip(1))
        {
            // Inside { } a comma ends an unquoted text: what follows is the rest of the sentence, not a key.
            if (value.IsNull && key.Text.Length > 0 && step.Values.Line(key, "the reason", 300) is { } rest)
            {
                reason = $"{reason}, {rest}";
                step.Problems.Note(key.At, $"an unquoted comma splits the reason; read as {Shown.As(reason)}", "put the text in quotes");
            }
            else
            {
                step.Problems.Wrong(key.At, $"{Shown.As(key.Text)} is a second word in `else`", "one of stop, call, mail, close, with its reason");
            }
        }

        return (what ?? usual, reason);
    }
}
