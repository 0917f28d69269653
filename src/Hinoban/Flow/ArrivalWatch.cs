using System.Globalization;
using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// Sends the desk a mail of its own through the whole chain (outbox, relay, MTA, the door for mail) every cycle, and knows whether it came back.
/// No customer ever gets one.
/// </summary>
internal sealed partial class ArrivalWatch(DeskEngine engine, DeskStores stores, InboundOptions inbound, TimeProvider clock, ILogger<ArrivalWatch> log)
{
    private const string Box = "hinoban-arrival";

    private readonly Lock sync = new();
    private ArrivalState state = ArrivalState.Nothing;

    /// <summary>True: the latest mail is late; false: well; null while it cannot be told.</summary>
    internal bool? Trouble
    {
        get
        {
            lock (sync)
            {
                return ArrivalRules.Trouble(state, Moment.MonoOf(clock), inbound.ArrivalWithin);
            }
        }
    }

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(inbound.ArrivalEvery!.Value, clock);
        do
        {
            try
            {
                Send();
            }
#pragma warning disable CA1031 // The next cycle must come whatever this one met.
            catch (Exception error)
#pragma warning restore CA1031
            {
                NotSent(log, error);
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>The number in an arrival address; null if the address is none of ours.</summary>
    internal static long? NumberOf(string address, MailOptions options)
    {
        var at = address.LastIndexOf('@');
        return options.Seal is { } seal && at > Box.Length && address.StartsWith(Box + "+", StringComparison.OrdinalIgnoreCase)
            && address[(at + 1)..].Equals(MailNames.Domain(options.Domain), StringComparison.OrdinalIgnoreCase)
            && seal.Read(MailSeal.Arrival, address[(Box.Length + 1)..at]) is { } word
            && long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>One has come back.</summary>
    internal void Arrived(long number)
    {
        lock (sync)
        {
            state = ArrivalRules.Arrived(state, number);
        }
    }

    private void Send()
    {
        // Another than those of any run before, as far as the wall clock goes.
        var number = clock.GetUtcNow().ToUnixTimeMilliseconds();
        engine.Change(work =>
        {
            var mail = Mail(number, work.Now.Utc);
            stores.Outbox.Add(work.Tx, mail);
            stores.Outbox.ForgetArrivals(work.Tx, mail.Key);
            work.Mailed = true;
        });
        lock (sync)
        {
            state = ArrivalRules.Sent(state, number, Moment.MonoOf(clock));
        }
    }

    private OutboxMail Mail(long number, DateTimeOffset nowUtc)
    {
        var word = number.ToString(CultureInfo.InvariantCulture);
        var domain = MailNames.Domain(stores.Mail.Domain);
        return new OutboxMail(
            $"{ProviderPlan.Customer}.arrival.{word}", new IncidentId(0), ProviderPlan.Customer, Incidents.NoticeKind.Arrival, $"Hinoban arrival {word}", word,
            SpecDefaults.Charset, $"{Box}@{domain}", Box, Automatic: true, Box, [], nowUtc, [new OutboxRecipient($"{Box}+{stores.Mail.Seal!.Sign(MailSeal.Arrival, word)}@{domain}", Desk: false)]);
    }

    [LoggerMessage(5301, LogLevel.Error, "The desk's test mail could not be queued; it tries again in the next cycle")]
    private static partial void NotSent(ILogger log, Exception error);
}
