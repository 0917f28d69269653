using System.Globalization;

namespace Hinoban.Specs;

/// <summary>When an item counts as flapping: shares of change in its last states, in percent.</summary>
internal sealed record FlapPlan(int High, int Low)
{
    internal static FlapPlan Usual { get; } = new(50, 25);
}

/// <summary>Reads <c>flapping: off</c> or <c>flapping: { high: 50%, low: 25% }</c>.</summary>
internal static class FlapReader
{
    internal static readonly ClauseKeys Keys = new(SpecText.Key("flapping"), ["high", "low"], []);

    /// <summary>Null: off.</summary>
    internal static FlapPlan? Read(SpecProblems problems, SpecPiece? node)
    {
        switch (node)
        {
            case null:
                return FlapPlan.Usual;
            case SpecScalar { Text: "off" }:
                return null;
            case SpecMap map:
                Clause.Open(problems, map, map.At, Keys);
                var high = Percent(problems, map.Find("high")) ?? FlapPlan.Usual.High;
                var low = Percent(problems, map.Find("low")) ?? Math.Min(FlapPlan.Usual.Low, high / 2);
                if (low >= high)
                {
                    problems.Wrong(map.At, CheckText.FlapOrder(high, low), CheckText.FlapRight);
                }

                return new FlapPlan(high, low);
            default:
                problems.Wrong(node.At, CheckText.NotFlapping, CheckText.FlapRight);
                return FlapPlan.Usual;
        }
    }

    private static int? Percent(SpecProblems problems, SpecPiece? node)
    {
        if (node is null)
        {
            return null;
        }

        if (node is SpecScalar { Text: [.. var digits, '%'] } && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100)
        {
            return percent;
        }

        problems.Wrong(node.At, CheckText.NotAPercentage, CheckText.FlapRight);
        return null;
    }
}
