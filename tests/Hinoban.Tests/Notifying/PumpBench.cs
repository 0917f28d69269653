using System.Collections.Concurrent;
using Dapper;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Storage;
using Hinoban.Tests.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Notifying;

/// <summary>An outbox, its pump and a clock in the test's hand.</summary>
internal sealed class PumpBench : IAsyncDisposable
{
    private readonly DeskDatabase database;
    private readonly MailOptions options;
    private readonly IMailSubmitter submitter;
    private readonly IMailSubmitter? second;
    private CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    internal PumpBench(IMailSubmitter submitter, Engine engine, MailOptions? options = null, IMailSubmitter? second = null)
    {
        (this.submitter, this.second) = (submitter, second);
        this.options = options ?? Sample.Options();
        database = new DeskDatabase(engine);
        Db = database.Open();
    }

    internal Db Db { get; }

    internal LabClock Clock { get; } = new(Sample.Detected);

    internal OutboxStore Store { get; } = new();

    internal ConcurrentQueue<SettledDelivery> Settled { get; } = [];

    internal OutboxPump Pump { get; private set; } = null!;

    internal ILogger<OutboxPump> Log { get; init; } = NullLogger<OutboxPump>.Instance;

    internal Action<SettledDelivery> OnSettled { get; set; } = _ => { };

    internal IReadOnlyList<DeliveryRow> Rows => [.. Db.Read(tx => Store.Latest(tx, Scope.Across("test"), 1000)).SelectMany(m => m.Deliveries).OrderBy(d => d.Id)];

    internal void Start(int lines = 4)
    {
        stop = new CancellationTokenSource();
        Pump = new OutboxPump(Db, submitter, new RelayRecords(options.RelayLog), options, Clock, Settle, Log, lines, second);
        running = Pump.RunAsync(stop.Token);
    }

    /// <summary>Ends the pump in an orderly way.</summary>
    internal async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    /// <summary>Leaves the row as a killed process would: marked as being sent.</summary>
    internal void MarkSending(long id) => Db.Write(tx => tx.Connection.Execute(
        "update outbox_deliveries set state = 'sending', attempts = attempts + 1, attempt_utc = @now where id = @id", new { id, now = Clock.GetUtcNow() }, tx.Transaction));

    internal void Add(params OutboxMail[] mails)
    {
        Db.Write(tx =>
        {
            foreach (var mail in mails)
            {
                Store.Add(tx, mail with { DateUtc = Clock.GetUtcNow() });
            }
        });
        Pump?.Signal();
    }

    /// <summary>A mail of an incident to recipients at example.test.</summary>
    internal static OutboxMail Mail(long incident, string kind, params string[] recipients) => Sample.Alert() with
    {
        Key = $"c.{incident}.1.{kind}",
        Incident = new IncidentId(incident),
        Recipients = [.. recipients.Select(r => new OutboxRecipient($"{r}@example.test", false))],
    };

    /// <summary>Waits until something is so; the clock stands meanwhile, or goes on as <paramref name="waiting"/> says.</summary>
    internal static async Task UntilAsync(Func<bool> wished, Func<string> otherwise, Action<int>? waiting = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120), TimeProvider.System);
        for (var look = 1; !wished(); look++)
        {
            Assert.False(deadline.IsCancellationRequested, otherwise());
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            waiting?.Invoke(look);
        }
    }

    /// <summary>Waits until something is so that the pump does by itself; the clock goes on when it does not come at once.</summary>
    internal Task InTimeAsync(Func<bool> wished, Func<string> otherwise) => UntilAsync(wished, otherwise, Creep);

    /// <summary>Until nothing is under way and nothing is due at this moment.</summary>
    internal Task QuietAsync() => UntilAsync(
        () =>
        {
            var now = Clock.GetUtcNow();
            var rows = Rows;
            return rows.All(r => r.State != DeliveryState.Sending)
                && !rows.Any(r => r.State == DeliveryState.Waiting && r.NextUtc <= now && !rows.Any(e => e.Id < r.Id && e.Incident == r.Incident && e.Recipient == r.Recipient && e.State == DeliveryState.Waiting));
        },
        () => $"{Clock.GetUtcNow():O}\n{string.Join('\n', Rows)}",
        Creep);

    internal async Task AdvanceAsync(TimeSpan by, TimeSpan step)
    {
        for (var gone = TimeSpan.Zero; gone < by; gone += step)
        {
            await QuietAsync();
            Clock.Advance(step);
        }

        await QuietAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!running.IsCompleted)
        {
            // What a pump still has in hand when it is stopped has its time, which only we let pass.
            var stopping = StopAsync();
            await UntilAsync(() => stopping.IsCompleted, () => "the pump does not stop", _ => Clock.Advance(TimeSpan.FromSeconds(1)));
            await stopping;
        }

        Db.Dispose();
        database.Dispose();
    }

    // A pump that computed its sleep just before the clock was moved sets its timer that much too late: nothing where time goes on.
    private void Creep(int look)
    {
        if (look > 1000 && look % 20 == 0)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    private void Settle(Tx tx, SettledDelivery settled)
    {
        OnSettled(settled);
        Settled.Enqueue(settled);
    }
}
