using Hinoban.Basics;

namespace Hinoban.Console.Incidents;

/// <summary>What the console says of log hits (ログ検知).</summary>
internal static class ConsoleTextLog
{
    internal static Text Title { get; } = new("ログ検知", "Log hits");

    internal static Text Latest { get; } = new("最近のログ検知", "Latest log hits");

    internal static Text None { get; } = new("ログ検知はありません", "Nothing was found in this log");

    internal static Text OpenIncident { get; } = new("ログ検知のインシデント", "incident of its log hits");

    internal static Text Hint { get; } = new(
        "発生した事象の記録です。自動復旧はありません。確認が済んだら、理由を付けてクローズしてください。クローズ後の検知は新しいインシデントになります。",
        "An event: it never recovers by itself. Close it with a reason once it is dealt with; what is found after that opens a new incident.");

    internal static Text First { get; } = new("最初の記録", "First");

    internal static Text Last { get; } = new("最後の記録", "Last");

    internal static Text Beyond { get; } = new("件数のみ", "Only counted");

    internal static Text Times(int count) => new($"{count:N0}件の記録", $"{count:N0} records");

    internal static Text Site(SiteName site) => new($"{site} が最初に報告", $"first brought by {site}");

    internal static Text Suppressed(int count) => new($"上限を超えたため、さらに {count:N0}件は件数のみ", $"{count:N0} more beyond the limit, only counted");

    internal static Text Older(int count) => new($"ほか {count:N0}件", $"and {count:N0} more");
}
