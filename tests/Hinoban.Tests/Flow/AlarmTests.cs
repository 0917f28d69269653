using Hinoban.Basics;
using Hinoban.Lab;

namespace Hinoban.Tests.Flow;

/// <summary>The timer of a loop: nearer when told, never away, and never so near that no time passes.</summary>
public sealed class AlarmTests
{
    private readonly LabClock clock = new();

    [Fact]
    public void It_rings_at_its_time_and_not_before()
    {
        var wait = new Alarm(clock).WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).AsTask();
        Assert.Equal([false, true], Ends(wait, 4.999, 5));
    }

    [Fact]
    public void A_time_that_is_told_while_it_waits_moves_it_nearer_and_never_away()
    {
        var alarm = new Alarm(clock);
        var wait = alarm.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).AsTask();
        alarm.NotAfter(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(5), alarm.At);
        alarm.NotAfter(TimeSpan.FromSeconds(2));
        Assert.Equal([false, true], Ends(wait, 1.999, 2));
    }

    // A review that itself says when the next is due must not begin again at once: no time would pass between two.
    [Fact]
    public void A_time_that_is_told_while_nobody_waits_is_the_next_waits_and_does_not_cut_it_short()
    {
        var alarm = new Alarm(clock);
        alarm.NotAfter(TimeSpan.FromSeconds(3));
        alarm.NotAfter(TimeSpan.FromSeconds(4));
        var wait = alarm.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).AsTask();
        Assert.Equal([false, true], Ends(wait, 2.999, 3));
        Assert.Equal([false, true], Ends(alarm.WaitAsync(TimeSpan.FromSeconds(9), CancellationToken.None).AsTask(), 8.999, 9));
    }

    [Fact]
    public void What_has_no_time_yet_makes_the_next_wait_look_again()
    {
        var alarm = new Alarm(clock);
        alarm.NotAfter(null);
        Assert.True(alarm.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).IsCompleted);
        Assert.False(alarm.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_wait_ends()
    {
        using var cancel = new CancellationTokenSource();
        var wait = new Alarm(clock).WaitAsync(null, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await wait.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
    }

    // Whether it has ended at these times; what ends it may run on another thread.
    private List<bool> Ends(Task wait, params double[] seconds)
    {
        var ends = new List<bool>();
        foreach (var at in seconds)
        {
            clock.Advance(TimeSpan.FromSeconds(at) - clock.Elapsed);
            ends.Add(clock.NextTimer is null && SpinWait.SpinUntil(() => wait.IsCompleted, TimeSpan.FromSeconds(30)));
        }

        return ends;
    }
}
