using Hinoban.Incidents;
using Hinoban.People;

namespace Hinoban.Flow;

/// <summary>
/// Puts a person's command into the audit inside the transaction of its effect: one is not there without the other, whichever
/// door (console or API) it came through.
/// </summary>
internal static class CommandAudit
{
    internal const string Claim = "incident-claimed";
    internal const string Release = "incident-released";
    internal const string Note = "note-added";
    internal const string Call = "call-recorded";
    internal const string Step = "step-started";
    internal const string Resolve = "step-resolved";
    internal const string Report = "report-sent";
    internal const string Close = "incident-closed";
    internal const string Separate = "host-separated";
    internal const string SilenceSet = "silence-set";
    internal const string SilenceEnded = "silence-ended";

    internal const string MailsRetried = "mails-retried";

    internal const string MaintenanceAsked = "maintenance-asked";
    internal const string MaintenanceApproved = "maintenance-approved";
    internal const string MaintenanceDeclined = "maintenance-declined";

    internal static void Append(DeskWork work, Actor by, string action, Incident incident, string more = "") =>
        Append(work, by, action, more.Length == 0 ? incident.Facts.Number : $"{incident.Facts.Number} {more}");

    internal static void Append(DeskWork work, Actor by, string action, string about) =>
        AuditStore.Append(work.Tx, new AuditEntry(work.Now.Utc, by.Name, by.Origin, action, about));

    internal static string StepOf(int step) => FormattableString.Invariant($"step {step}");

    internal static string RunOf(StepStarted run) =>
        FormattableString.Invariant($"step {run.Step} run {run.Run} {run.Kind}{(run.Host.Length == 0 ? "" : " on ")}{run.Host}");
}
