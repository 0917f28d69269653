using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Lab;

/// <summary>Simulated targets: looks that take virtual time and find what the test says. Notes every look, and whether two of one item overlapped.</summary>
internal sealed class LabEye(TimeProvider clock, bool notes = true) : ILook
{
    internal static readonly LookAnswer Fine = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "OK - fine");
    internal static readonly LookAnswer Refused = new(CheckStatus.Critical, Reply.Transport, NoValue.Refused, "CRITICAL - connection refused");

    private static readonly LookAnswer TimedOut = LookFailures.Transport("", NoValue.TimedOut, "no answer in time");

    private readonly Lock gate = new();
    private readonly HashSet<ItemId> under = [];
    private readonly List<(ItemId Item, TimeSpan At, TimeSpan Timeout)> looks = [];

    /// <summary>What a look finds, and after how long; a time beyond the time-out becomes a time-out.</summary>
    internal Func<ItemPlan, (TimeSpan Took, LookAnswer Answer)> Finds { get; set; } = _ => (TimeSpan.FromMilliseconds(20), Fine);

    /// <summary>Told what each look has found.</summary>
    internal Action<ItemPlan, LookAnswer> Saw { get; set; } = (_, _) => { };

    internal int Overlaps { get; private set; }

    internal IReadOnlyList<(ItemId Item, TimeSpan At, TimeSpan Timeout)> Looks
    {
        get
        {
            lock (gate)
            {
                return [.. looks];
            }
        }
    }

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        Note(item, timeout);
        try
        {
            var (took, answer) = Finds(item);
            await Task.Delay(took < timeout ? took : timeout, clock, cancel);
            answer = took < timeout ? answer : TimedOut;
            Saw(item, answer);
            return answer;
        }
        finally
        {
            lock (gate)
            {
                under.Remove(item.Id);
            }
        }
    }

    private void Note(ItemPlan item, TimeSpan timeout)
    {
        lock (gate)
        {
            Overlaps += under.Add(item.Id) ? 0 : 1;
            if (notes)
            {
                looks.Add((item.Id, Moment.MonoOf(clock), timeout));
            }
        }
    }
}
