using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>Puts the room together.</summary>
internal static class NotifyingSetup
{
    /// <summary>The pump over a real relay. Run it by <see cref="OutboxPump.RunAsync"/>; signal it after every commit that added mail.</summary>
    internal static OutboxPump Pump(Db db, MailOptions options, TimeProvider clock, Action<Tx, SettledDelivery> settled, ILoggerFactory logs) => new(
        db,
        new SmtpSubmitter(options, clock, logs.CreateLogger<SmtpSubmitter>()),
        new RelayRecords(options.RelayLog),
        options,
        clock,
        settled,
        logs.CreateLogger<OutboxPump>());
}
