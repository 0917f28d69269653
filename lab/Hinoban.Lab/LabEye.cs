using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Lab;

/// <summary>Simulated targets: looks that take virtual time and find what the test says. Notes every look, and whether two of one item overlapped.</summary>
internal sealed class LabEye(TimeProvider clock) : ILook
{
    internal static readonly LookAnswer Fine = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "OK - fine");
    internal static readonly LookAnswer Refused = new(CheckStatus.Critical, Reply.Transport, NoValue.Refused, "CRITICAL - connection refused");

    private readonly Lock gate = new();
    private readonly HashSet<ItemId> under = [];
    private readonly List<(ItemId Item, TimeSpan At, TimeSpan Timeout)> looks = [];

    /// <summary>What a look finds, and after how long; a time beyond the time-out becomes a time-out.</summary>
    internal Func<ItemPlan, (TimeSpan Took, LookAnswer Answer)> Finds { get; set; } = _ => (TimeSpan.FromMilliseconds(20), Fine);

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
        lock (gate)
        {
            looks.Add((item.Id, Moment.MonoOf(clock), timeout));
            Overlaps += under.Add(item.Id) ? 0 : 1;
        }

        try
        {
            var (took, answer) = Finds(item);
            await Task.Delay(took < timeout ? took : timeout, clock, cancel);
            return took < timeout ? answer : LookFailures.Transport("", NoValue.TimedOut, "no answer in time");
        }
        finally
        {
            lock (gate)
            {
                under.Remove(item.Id);
            }
        }
    }
}
