using Hinoban.Basics;
using static System.FormattableString;

namespace Hinoban.Specs;

/// <summary>Writes a <c>log</c> check with all its values, and says in words what is told of the log and what is not.</summary>
internal static class LogPrint
{
    internal static IEnumerable<(string Key, string? Value)> Of(LogLookPlan log) =>
    [
        ("files", log.Journal is null ? SpecPrint.List(log.Files.Select(SpecPrint.Quoted)) : null),
        ("journal", log.Journal is { } journal ? Journal(journal) : null),
        ("encoding", log.Journal is null ? log.Encoding : null),
        ("record", log.Record is { } record ? SpecPrint.Quoted(record) : null),
        ("format", log.Format),
        ("match", SpecPrint.List(log.Match.Select(Rule))),
        ("except", log.Except.Count == 0 ? null : SpecPrint.List(log.Except.Select(SpecPrint.Quoted))),
        ("limit", Rate(log.Limit)),
        ("context", SpecPrint.Map([("before", SpecPrint.Number(log.Before)), ("after", SpecPrint.Number(log.After))])),
        ("mask", SpecPrint.Map([("default", SpecPrint.Truth(log.Mask.Usual)), ("regex", log.Mask.Regexes.Count == 0 ? null : SpecPrint.List(log.Mask.Regexes.Select(SpecPrint.Quoted)))])),
    ];

    /// <summary>A sentence for each: hits, exclusions, limit, masking.</summary>
    internal static IEnumerable<Text> Said(LogLookPlan log)
    {
        foreach (var rule in log.Match)
        {
            yield return Said(rule);
        }

        if (log.Except.Count > 0)
        {
            var patterns = log.Except.Select(Shown.As).ToList();
            yield return new Text($"除外: {string.Join("、", patterns)} に一致する行は通知しません", $"left out: records that match {string.Join(", ", patterns)}");
        }

        yield return new Text(
            Invariant($"上限: {SpecWords.Of(log.Limit.Within)} に {log.Limit.Count} 件まで(超えた分は件数だけを通知します)"),
            Invariant($"limit: {log.Limit.Count} within {SpecWords.Of(log.Limit.Within)}; of more only the number is told"));
        yield return Said(log.Mask);
    }

    private static Text Said(LogMatchPlan rule)
    {
        var level = rule.Level == HitLevel.Critical ? "CRITICAL" : "WARNING";
        var what = rule.Regex is { } regex
            ? new Text($"{Shown.As(regex)} に一致する行", $"records that match {Shown.As(regex)}")
            : new Text($"ステータス {rule.Status} の応答", $"answers of status {rule.Status}");
        return rule.Rate is { } rate
            ? new Text(
                Invariant($"検知 {rule.Name}: {what.Ja}が {SpecWords.Of(rate.Within)} に {rate.Count} 件になるたびに1件 → {level}(自動復旧はありません)"),
                Invariant($"hit {rule.Name}: once each time {rate.Count} {what.En} fall within {SpecWords.Of(rate.Within)} → {level} (never recovers by itself)"))
            : new Text($"検知 {rule.Name}: {what.Ja} → {level}(自動復旧はありません)", $"hit {rule.Name}: {what.En} → {level} (never recovers by itself)");
    }

    private static Text Said(LogMaskPlan mask)
    {
        var more = string.Join(", ", mask.Regexes.Select(Shown.As));
        return (mask.Usual, mask.Regexes.Count) switch
        {
            (false, 0) => new Text("マスク: なし(ログの行をそのまま通知します)", "masked: nothing; records are told as they are"),
            (false, _) => new Text($"マスク: {more}", $"masked: {more}"),
            (true, 0) => new Text("マスク: メールアドレス、カード番号、電話番号、パスワード・トークン", "masked: e-mail addresses, card numbers, phone numbers, passwords and tokens"),
            (true, _) => new Text($"マスク: メールアドレス、カード番号、電話番号、パスワード・トークン、{more}", $"masked: e-mail addresses, card numbers, phone numbers, passwords and tokens, {more}"),
        };
    }

    private static string Journal(LogJournalPlan journal) => journal is { Units.Count: 0, Priority: null } ? "all" : SpecPrint.Map(
        [("units", journal.Units.Count == 0 ? null : SpecPrint.List(journal.Units.Select(SpecPrint.Quoted))), ("priority", journal.Priority)]);

    private static string Rule(LogMatchPlan rule) => SpecPrint.Map(
    [
        ("name", SpecPrint.Quoted(rule.Name)),
        ("regex", rule.Regex is { } regex ? SpecPrint.Quoted(regex) : null),
        ("status", rule.Status is { } status ? SpecPrint.Quoted(status) : null),
        ("rate", rule.Rate is { } rate ? Rate(rate) : null),
        ("level", rule.Level == HitLevel.Critical ? "critical" : "warning"),
    ]);

    private static string Rate(LogRatePlan rate) => SpecPrint.Map([("count", SpecPrint.Number(rate.Count)), ("within", SpecWords.Of(rate.Within))]);
}
