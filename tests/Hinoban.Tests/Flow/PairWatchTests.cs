using System.Threading.Channels;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hinoban.Tests.Flow;

/// <summary>How long the other node and the database's copy have been away, from one question to the next.</summary>
public sealed class PairWatchTests
{
    private readonly LabClock clock = new();
    private readonly PairWatch watch;
    private PairView view = new(null, []);

    public PairWatchTests() => watch = new PairWatch(() => view, clock, NullLogger<PairWatch>.Instance);

    [Fact]
    public void A_node_that_never_waited_is_missed_since_this_one_has_the_desk()
    {
        Assert.Equal((0, null), Asked(0));
        Assert.Equal((60, null), Asked(60));
        view = view with { StoodByAgo = TimeSpan.FromSeconds(4) };
        Assert.Equal((4, null), Asked(60));
    }

    [Fact]
    public void A_sign_from_before_this_node_had_the_desk_is_as_none()
    {
        view = view with { StoodByAgo = TimeSpan.FromDays(7) };
        Assert.Equal((60, null), Asked(60));
    }

    [Fact]
    public void A_missing_copy_is_counted_from_the_first_question_that_missed_it()
    {
        view = new PairView(TimeSpan.Zero, ["no standby follows the server"]);
        Assert.Equal((0, 0), Asked(60));
        Assert.Equal((0, 120), Asked(120));
        Assert.Equal("no standby follows the server", Assert.Single(watch.Latest!.Wrong));
        view = view with { Wrong = [] };
        Assert.Equal((0, null), Asked(60));
        view = view with { Wrong = ["no standby follows the server"] };
        Assert.Equal((0, 0), Asked(60));
    }

    [Fact]
    public async Task Whatever_the_database_answers_the_desk_that_works_goes_on_asking()
    {
        using var stop = new CancellationTokenSource();
        var asked = Channel.CreateUnbounded<int>();
        var log = new KeptLog<PairWatch>();
        var own = new PairWatch(
            () =>
            {
                asked.Writer.TryWrite(0);
                throw new PostgresException("password authentication failed for user \"desk\"", "FATAL", "FATAL", "28P01");
            },
            clock,
            log);
        var run = own.RunAsync(stop.Token);
        for (var turn = 0; turn < 3; turn++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            var next = asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.Same(next, await Task.WhenAny(run, next));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Contains("28P01 password authentication failed", log.Lines.First(), StringComparison.Ordinal);
    }

    private (double Node, double? Unsafe) Asked(int after)
    {
        clock.Advance(TimeSpan.FromSeconds(after));
        watch.Ask();
        return (watch.Latest!.NodeAwayFor.TotalSeconds, watch.Latest.UnsafeFor?.TotalSeconds);
    }
}
