using Hinoban.Basics;

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
                return (step.Values.OneOf(word, SpecText.Key("else"), Words) ?? usual, "");
        }
    }

    private static (StepElse What, string Reason) WithReason(Clause step, SpecMap map, StepElse usual)
    {
        var first = map.Entries[0];
        var what = step.Values.OneOf(first.Key, SpecText.Key("else"), Words);
        var reason = step.Values.Line(first.Value, RunbookText.Reason, 300) ?? "";
        foreach (var (key, value) in map.Entries.Skip(1))
        {
            // Inside { } a comma ends an unquoted text: what follows is the rest of the sentence, not a key.
            if (value.IsNull && key.Text.Length > 0 && step.Values.Line(key, RunbookText.Reason, 300) is { } rest)
            {
                reason = $"{reason}, {rest}";
                step.Problems.Note(key.At, RunbookText.SplitReason(reason), RunbookText.Quote);
            }
            else
            {
                step.Problems.Wrong(key.At, RunbookText.SecondWord(key.Text), RunbookText.ElseRight);
            }
        }

        return (what ?? usual, reason);
    }
}
