using Hinoban.Basics;
using Hinoban.Flow;

namespace Hinoban.Console.Parts;

/// <summary>The words of charts.</summary>
internal static class ConsoleTextChart
{
    internal static Text Empty { get; } = new("まだ測定値がありません。", "No measurements yet.");

    internal static Text Latency { get; } = new("応答時間", "Response time");

    internal static Text RoundTrip { get; } = new("往復時間 (RTA)", "Round-trip time (RTA)");

    internal static Text LookTook { get; } = new("監視の所要時間", "What the look took");

    internal static Text Loss { get; } = new("パケット損失", "Packet loss");

    internal static Text RangesWord { get; } = new("期間", "Range");

    internal static Text MetricsWord { get; } = new("表示する値", "Value shown");

    internal static Text AsTable { get; } = new("数値で見る", "In figures");

    internal static Text Site { get; } = new("拠点", "Site");

    internal static Text Looks { get; } = new("回数", "Looks");

    internal static Text Mean { get; } = new("平均", "Mean");

    internal static Text Least { get; } = new("最小", "Least");

    internal static Text Most { get; } = new("最大", "Most");

    internal static Text WorstHour { get; } = new("95%値(最も遅い1時間)", "95 % (of the worst hour)");

    internal static Text TimeOk { get; } = new("OKの時間", "Time OK");

    internal static Text TimeFailing { get; } = new("CRITICAL・UNKNOWNの時間", "Time CRITICAL or UNKNOWN");

    internal static Text BandLegend { get; } = new("線は平均、帯は最小から最大", "line: mean; band: least to most");

    internal static Text LevelsNow { get; } = new("しきい値は現在のもの", "thresholds as they are now");

    internal static Text LevelsThen { get; } = new("しきい値はその時点のもの", "thresholds as they were then");

    internal static Text Changes { get; } = new("出力の変化", "Changes of the output");

    internal static Text ChangesHint { get; } = new("数値だけの違いは記録しません。", "Outputs that differ in their numbers only are not listed.");

    internal static Text ServicesTitle { get; } = new("サービスの推移", "Services over time");

    internal static Text Range(ChartRange range) => range switch
    {
        ChartRange.Day => new("24時間", "24 hours"),
        ChartRange.Week => new("7日", "7 days"),
        ChartRange.FiveWeeks => new("35日", "35 days"),
        ChartRange.Year => new("13か月", "13 months"),
    };

    internal static Text DaysOf(string zone) => new($"1日の区切りは {zone}", $"days of {zone}");

    internal static Text Line(string site, string mean, string least, string most, string ok) => new(
        $"{site}: 平均 {mean}、最小 {least}、最大 {most}、OKの時間 {ok}", $"{site}: mean {mean}, least {least}, most {most}, OK {ok} of the time");
}
