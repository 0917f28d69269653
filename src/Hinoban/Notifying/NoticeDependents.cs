using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Notifying;

/// <summary>The items that need what failed, as its mails list them: one line each, for their own mails are not sent.</summary>
internal static class NoticeDependents
{
    private const int Most = 100;

    internal static IEnumerable<string> Lines(NoticeFacts facts, Language language)
    {
        if (facts.Dependents.Count == 0)
        {
            yield break;
        }

        yield return "";
        yield return (facts.RecoveredUtc is null ? NoticeText.Dependents : NoticeText.WereDependents).In(language);
        foreach (var one in facts.Dependents.Take(Most))
        {
            var state = one.Status is { } status ? NoticeText.State(status) : NoticeText.NotKnown.In(language);
            yield return $"- {Visible.Line(one.Title)}: {state}{(one.Number is { } number ? $" [{number}]" : "")}";
        }

        if (facts.Dependents.Count > Most)
        {
            yield return $"- {NoticeText.AndMore(facts.Dependents.Count - Most).In(language)}";
        }
    }
}

/// <summary>An item that needs another, as the other's mail lists it. Null status: not known; <see cref="Number"/>: its own incident, if it has one.</summary>
internal sealed record DependentLine(string Title, CheckStatus? Status, string? Number);
