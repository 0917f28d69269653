namespace Hinoban.Basics;

/// <summary>Threshold ranges in plain words, and what is wrong with a text that should be one.</summary>
internal static class NagiosRangeText
{
    /// <summary>How ranges are written, for whoever wrote something else.</summary>
    internal static readonly Text Right = new(
        "`80`(0未満または80超で異常)、`10:`(10未満)、`~:80`(80超)、`10:80`(10未満または80超)、`@10:80`(10以上80以下)のいずれかの形で書いてください",
        "write `80` (alerts below 0 or above 80), `10:` (below 10), `~:80` (above 80), `10:80` (below 10 or above 80) or `@10:80` (from 10 to 80)");

    /// <summary>What is wrong; the text itself is shown by the caller, in its own way of quoting.</summary>
    internal static Text Wrong(RangeFault fault) => fault switch
    {
        RangeFault.None => Text.Same(""),
        RangeFault.Empty => new("しきい値の範囲に数値がありません", "the range has no number"),
        RangeFault.NotANumber => new("しきい値の範囲に数値ではない部分があります", "a part of the range is no number"),
        RangeFault.Tilde => new("`~`(下限なし)はコロンの前にだけ書けます", "`~` (no lower end) stands only before the colon"),
        RangeFault.Colons => new("しきい値の範囲にコロンが2つ以上あります", "the range has more than one colon"),
        RangeFault.Crossed => new("範囲の始まりが終わりより大きくなっています", "the range starts above its end"),
    };

    /// <summary>When it alerts, with the values' unit: "below 10% or above 80%".</summary>
    internal static Text Plain(NagiosRange range, string unit = "")
    {
        var (start, end) = (NagiosRange.Show(range.Start) + unit, NagiosRange.Show(range.End) + unit);
        return (range.Inside, double.IsNegativeInfinity(range.Start), double.IsPositiveInfinity(range.End)) switch
        {
            (false, true, true) => new("なし", "never"),
            (true, true, true) => new("常に", "always"),
            (false, false, true) => new($"{start}未満", $"below {start}"),
            (false, true, false) => new($"{end}超", $"above {end}"),
            (true, false, true) => new($"{start}以上", $"{start} or more"),
            (true, true, false) => new($"{end}以下", $"{end} or less"),
            (false, false, false) when range.Start == range.End => new($"{start}以外", $"anything but {start}"),
            (true, false, false) when range.Start == range.End => new($"ちょうど{start}", $"exactly {start}"),
            (false, false, false) => new($"{start}未満または{end}超", $"below {start} or above {end}"),
            (true, false, false) => new($"{start}以上{end}以下", $"from {start} to {end}"),
        };
    }
}
