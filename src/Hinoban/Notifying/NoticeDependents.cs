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
        foreach (var line in NoticeList.Lines(facts.Dependents, Most, one => Line(one, language), NoticeText.AndMore, language))
        {
            yield return line;
        }
    }

    private static string Line(DependentLine one, Language language)
    {
        var state = one.Status is { } status ? NoticeText.State(status) : NoticeText.NotKnown.In(language);
        return $"{Visible.Line(one.Title)}: {state}{(one.Number is { } number ? $" [{number}]" : "")}";
    }
}

/// <summary>An item that needs another, as the other's mail lists it. Null status: not known; <see cref="Number"/>: its own incident, if it has one.</summary>
internal sealed record DependentLine(string Title, CheckStatus? Status, string? Number);
