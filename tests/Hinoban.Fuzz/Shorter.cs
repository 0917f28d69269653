namespace Hinoban.Fuzz;

/// <summary>Makes an input shorter as long as it does the same.</summary>
internal static class Shorter
{
    /// <summary>What is slow is tried over and over: it must come to an end.</summary>
    private const int MostTries = 2_000;

    internal static Finding Of(Target target, Finding finding)
    {
        var left = finding.Key == "slow" ? MostTries / 20 : MostTries;
        for (var piece = finding.Input.Length / 2; piece > 0; piece /= 2)
        {
            for (var at = 0; at < finding.Input.Length && left-- > 0;)
            {
                byte[] without = [.. finding.Input.AsSpan(0, at), .. finding.Input.AsSpan(Math.Min(finding.Input.Length, at + piece))];
                if (Trial.Of(target, without) is { } same && same.Key == finding.Key)
                {
                    finding = same;
                }
                else
                {
                    at += piece;
                }
            }
        }

        return finding;
    }

    /// <summary>Of many inputs as few and short ones as go all the ways that they go together, after those that stand already.</summary>
    internal static IReadOnlyList<byte[]> Cover(Target target, IReadOnlyList<byte[]> standing, IReadOnlyList<byte[]> found, Covered covered)
    {
        var ways = new HashSet<int>();
        foreach (var one in standing)
        {
            ways.UnionWith(Ways(target, one, covered));
        }

        var kept = new List<byte[]>();
        foreach (var (input, gone) in found.Select(i => (Input: i, Gone: Ways(target, i, covered))).OrderBy(f => f.Input.Length).ToList())
        {
            if (!gone.IsSubsetOf(ways))
            {
                kept.Add(input);
                ways.UnionWith(gone);
            }
        }

        return kept;
    }

    private static HashSet<int> Ways(Target target, byte[] input, Covered covered)
    {
        covered.Clear();
        _ = Trial.Of(target, input);
        return [.. covered.Since(new byte[covered.All])];
    }
}
