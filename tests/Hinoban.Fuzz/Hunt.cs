namespace Hinoban.Fuzz;

/// <summary>
/// Executions of one target: its seeds, then bent ones. With <paramref name="covered"/> an input that goes a way which none has gone becomes a seed too.
/// </summary>
internal sealed class Hunt(Target target, ulong seed, Covered? covered = null)
{
    /// <summary>Of findings that are likely the same only the first is kept; after so many different ones the rest can wait.</summary>
    private const int MostFindings = 20;

    private const int AtATime = 64;
    private const int ShortEnough = 48;
    private const int MostTries = 100;

    private readonly Dice dice = new(seed);
    private readonly List<byte[]> pool = [];
    private readonly Dictionary<string, Finding> findings = [];
    private Action<ReadOnlyMemory<byte>>? tell;
    private byte[] known = [];

    internal long Executions { get; private set; }

    internal IReadOnlyList<byte[]> Pool => pool;

    internal IReadOnlyCollection<Finding> Findings => findings.Values;

    /// <param name="most">Executions, seeds included.</param>
    /// <param name="goesOn">Asked now and then.</param>
    /// <param name="before">Told every input before it is executed.</param>
    internal void Run(IReadOnlyList<byte[]> seeds, long most, Func<bool>? goesOn = null, Action<ReadOnlyMemory<byte>>? before = null)
    {
        tell = before;
        pool.AddRange(seeds);
        foreach (var one in seeds)
        {
            Execute(one);
        }

        known = covered?.Kept() ?? [];
        var gone = covered?.Count ?? 0;
        var mutator = new Mutator(dice, target.Tokens);
        while (Executions < most && findings.Count < MostFindings && goesOn?.Invoke() != false)
        {
            for (var i = 0; i < AtATime && Executions < most; i++)
            {
                var input = mutator.Bend(Parent(), dice.Of(pool));
                Execute(input);
                if (covered is not null && covered.Count is var now && now > gone)
                {
                    gone = now;
                    pool.Add(Shortened(covered, input.ToArray(), most));
                    known = covered.Kept();
                }
            }
        }
    }

    // What was found last is the least known.
    private byte[] Parent() => dice.OneIn(4) ? pool[^(1 + dice.Below(Math.Min(pool.Count, 16)))] : dice.Of(pool);

    // As long as it leaves the same new marks: long ones are dear, and most of what is bent in them does not matter.
    private byte[] Shortened(Covered marks, byte[] input, long most)
    {
        var (all, fresh, tries) = (marks.Kept(), marks.Since(known), MostTries);
        for (var piece = input.Length / 2; piece > 0 && input.Length > ShortEnough; piece /= 2)
        {
            for (var at = 0; at < input.Length && tries-- > 0 && Executions < most;)
            {
                byte[] without = [.. input.AsSpan(0, at), .. input.AsSpan(Math.Min(input.Length, at + piece))];
                marks.Restore(known);
                Execute(without);
                if (marks.Has(fresh))
                {
                    input = without;
                }
                else
                {
                    at += piece;
                }
            }
        }

        marks.Restore(all);
        return input;
    }

    private void Execute(ReadOnlyMemory<byte> input)
    {
        Executions++;
        tell?.Invoke(input);
        if (Trial.Of(target, input) is { } finding)
        {
            findings.TryAdd(finding.Key, finding);
        }
    }
}
