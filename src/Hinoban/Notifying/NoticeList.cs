using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>What fails with a problem, as its mails list it: one line each, and how many more there are.</summary>
internal static class NoticeList
{
    internal static IEnumerable<string> Lines<T>(IReadOnlyList<T> all, int most, Func<T, string> line, Func<int, Text> more, Language language) =>
    [
        .. all.Take(most).Select(one => $"- {line(one)}"),
        .. all.Count > most ? [$"- {more(all.Count - most).In(language)}"] : Array.Empty<string>(),
    ];
}
