using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>Puts the room together.</summary>
internal static class NotifyingSetup
{
    /// <summary>The way to the relay that the options name.</summary>
    internal static IMailSubmitter Relay(MailOptions options, TimeProvider clock, ILoggerFactory logs) =>
        new SmtpSubmitter(options, clock, logs.CreateLogger<SmtpSubmitter>());

    /// <summary>The pump. Run it by <see cref="OutboxPump.RunAsync"/>; signal it after every commit that added mail.</summary>
    internal static OutboxPump Pump(Db db, IMailSubmitter relay, MailOptions options, TimeProvider clock, Action<Tx, SettledDelivery> settled, ILoggerFactory logs, IMailSubmitter? second = null) => new(
        db,
        relay,
        new RelayRecords(options.RelayLog),
        options,
        clock,
        settled,
        logs.CreateLogger<OutboxPump>(),
        second: second);
}
