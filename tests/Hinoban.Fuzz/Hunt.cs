namespace Hinoban.Fuzz;

/// <summary>
/// Executions of one target: its seeds, then bent ones. With <paramref name="covered"/> an input that goes a way which none has gone becomes a seed too.
/// </summary>
internal sealed class Hunt(Target target, ulong seed, Covered? covered = null)
{
    /// <summary>Of findings that are likely the same only the first is kept; after so many different ones the rest can wait.</summary>
    private const int MostFindings = 20;

    private readonly Dice dice = new(seed);
    private readonly List<byte[]> pool = [];
    private readonly Dictionary<string, Finding> findings = [];
    private int gone;

    internal long Executions { get; private set; }

    internal IReadOnlyList<byte[]> Pool => pool;

    internal IReadOnlyCollection<Finding> Findings => findings.Values;

    /// <param name="most">Executions, seeds included.</param>
    /// <param name="goesOn">Asked now and then.</param>
    /// <param name="before">Told every input before it is executed.</param>
    internal void Run(IReadOnlyList<byte[]> seeds, long most, Func<bool>? goesOn = null, Action<ReadOnlyMemory<byte>>? before = null)
    {
        pool.AddRange(seeds);
        foreach (var one in seeds)
        {
            before?.Invoke(one);
            Execute(one);
        }

        gone = covered?.Count ?? 0;
        var mutator = new Mutator(dice, target.Tokens);
        while (Executions < most && findings.Count < MostFindings && (Executions % 1024 != 0 || goesOn?.Invoke() != false))
        {
            var input = mutator.Bend(Parent(), dice.Of(pool));
            before?.Invoke(input);
            Execute(input);
            if (covered is not null && covered.Count is var now && now > gone)
            {
                gone = now;
                pool.Add(input.ToArray());
            }
        }
    }

    // What was found last is the least known.
    private byte[] Parent() => dice.OneIn(4) ? pool[^(1 + dice.Below(Math.Min(pool.Count, 16)))] : dice.Of(pool);

    private void Execute(ReadOnlyMemory<byte> input)
    {
        Executions++;
        if (Trial.Of(target, input) is { } finding)
        {
            findings.TryAdd(finding.Key, finding);
        }
    }
}
