using System.Globalization;
using System.Text;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Server.Roles;
using Hinoban.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Hinoban.Server.Endpoints;

/// <summary>
/// <c>/metrics</c> in the Prometheus text format 0.0.4. Open to the machine itself; from elsewhere (or through a proxy) it takes the
/// token of somebody who responds: the figures are the provider's own.
/// </summary>
internal static class Metrics
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static void Map(WebApplication app) => app.MapGet("/metrics", AnswerAsync).AllowAnonymous();

    private static async Task<IResult> AnswerAsync(HttpContext http, DeskParts parts, DiskWatch disk, PlaceWatch place)
    {
        if (!Caller.IsLocal(http))
        {
            var login = await http.AuthenticateAsync(BearerTokens.SchemeName);
            if (!login.Succeeded || Principals.ActorOf(login.Principal) is not { } actor)
            {
                await http.ChallengeAsync(BearerTokens.SchemeName);
                return TypedResults.Empty;
            }

            if (!actor.MayRespond)
            {
                return Problems.Forbidden(http, ApiText.ViewersRead);
            }
        }

        return TypedResults.Text(Page(parts, disk.State(), place.View.State), ContentType);
    }

    internal static string Page(DeskParts parts, DiskState disk, PlaceState place)
    {
        var queries = parts.Queries;
        var scope = Scope.Across("metrics");
        var page = new PrometheusText();
        Sites(page, queries.Sites(scope));
        Incidents(page, queries.Incidents(scope, closed: false, limit: int.MaxValue));
        Items(page, queries.Counts());
        Mails(page, queries.Mails(scope, 1000));
        if (parts.MailTrouble?.Invoke() is { } trouble)
        {
            page.Family("hinoban_outbox_waiting", "gauge", "Envelopes that are not settled.").Add(trouble.Waiting);
            page.Family("hinoban_outbox_retrying", "gauge", "Envelopes not settled that were tried before.").Add(trouble.Retrying);
            page.Family("hinoban_relay_down", "gauge", "1 while the relay does not answer.").Add(trouble.RelayDownUtc is null ? 0 : 1);
        }

        if (parts.RemoteWrite?.Invoke() is { } export)
        {
            page.Family("hinoban_remote_write_samples_total", "counter", "Samples that the receiver has taken.").Add(export.Sent);
            page.Family("hinoban_remote_write_dropped_total", "counter", "Samples that the receiver refused, of items that are gone, unreadable, or given up because too many waited.").Add(export.Dropped);
            page.Family("hinoban_remote_write_waiting", "gauge", "Samples that wait for the receiver.").Add(export.Waiting);
            page.Family("hinoban_remote_write_failing", "gauge", "1 while the receiver takes none.").Add(export.Trouble is null ? 0 : 1);
        }

        page.Family("hinoban_disk_full", "gauge", "1 while the disk of the data folder is full.").Add(disk.Full ? 1 : 0);
        page.Family("hinoban_disk_low", "gauge", "1 while less than 5 % or 500 MB of the disk of the data folder are free.").Add(disk.Low ? 1 : 0);
        if (disk.Free is { } free)
        {
            page.Family("hinoban_disk_free_bytes", "gauge", "Free bytes on the disk of the data folder.").Add(free);
        }

        page.Family("hinoban_folder_lost", "gauge", "1 while the data folder or the database in it is deleted, replaced or shut.").Add(place == PlaceState.Whole ? 0 : 1);
        page.Family("hinoban_write_failing", "gauge", "1 from a change that the database did not take until one that it did.").Add(parts.Db.Trouble is null ? 0 : 1);
        page.Family("hinoban_build_info", "gauge", "Always 1; the label is the version.").Add(1, ("version", CommandTree.Version));
        page.Family("process_working_set_bytes", "gauge", "Memory in use.").Add(Environment.WorkingSet);
        page.Family("process_cpu_seconds_total", "counter", "CPU time used.").Add(Environment.CpuUsage.TotalTime.TotalSeconds);
        return page.ToString();
    }

    private static void Sites(PrometheusText page, IReadOnlyList<SiteRow> sites)
    {
        void Each(string name, string type, string help, Func<SiteRow, double?> value)
        {
            var family = page.Family(name, type, help);
            foreach (var site in sites)
            {
                if (value(site) is { } known)
                {
                    family.Add(known, ("site", site.Name.Value));
                }
            }
        }

        Each("hinoban_site_connected", "gauge", "1 while the site is heard.", s => s.Connected ? 1 : 0);
        Each("hinoban_site_plan_revision", "gauge", "The revision that the site runs.", s => s.PlanRevision);
        Each("hinoban_looks_total", "counter", "Looks that the site has done since it started.", s => s.LooksDone);
        Each("hinoban_looks_out", "gauge", "Looks under way.", s => s.LooksOut);
        Each("hinoban_missed_cycles_total", "counter", "Slots for which no look was made.", s => s.MissedCycles);
        Each("hinoban_lateness_p99_seconds", "gauge", "Look start behind its slot, 99th percentile of the last minute.", s => s.LatenessP99.TotalSeconds);
        Each("hinoban_lateness_max_seconds", "gauge", "Look start behind its slot, worst of the last minute.", s => s.LatenessMax.TotalSeconds);
        Each("hinoban_spool_backlog", "gauge", "Results that wait at the site beyond the batch under way; 0 when idle.", s => s.SpoolBacklog);
        Each("hinoban_site_cannot_keep", "gauge", "1 while the site's disk takes no results.", s => s.NotKeptSinceUtc is null ? 0 : 1);
        Each("hinoban_site_not_kept_total", "counter", "Results that the site's disk did not take, since the site started; they were sent from memory.", s => s.NotKept);
        Each("hinoban_site_spool_broken", "gauge", "1 if the site found its spool broken when it started.", s => s.SpoolBrokenUtc is null ? 0 : 1);
        Each("hinoban_site_folder_lost", "gauge", "1 while the site's data folder or a database in it is deleted, replaced or shut.", s => s.PlaceTrouble is null ? 0 : 1);
        Each("hinoban_site_items", "gauge", "Items the site watches.", s => s.Items);
        Each("hinoban_site_clock_skew_seconds", "gauge", "The site's clock against the desk's.", s => s.ClockSkew?.TotalSeconds);
        Each("hinoban_site_isolated", "gauge", "1 while the site's anchors do not answer.", s => s.Isolated ? 1 : 0);
        Each("hinoban_site_path_troubles", "gauge", "Items the site alone cannot reach.", s => s.PathTroubles.Count);
    }

    private static void Incidents(PrometheusText page, IReadOnlyList<IncidentRow> open)
    {
        var family = page.Family("hinoban_open_incidents", "gauge", "Incidents that are not closed, by stage.");
        foreach (var stage in Enum.GetValues<IncidentStage>().Where(s => s != IncidentStage.Closed))
        {
            family.Add(open.Count(i => i.Stage == stage), ("stage", MailShape.Snake(stage.ToString())));
        }
    }

    private static void Items(PrometheusText page, ItemCounts counts)
    {
        page.Family("hinoban_hosts", "gauge", "Hosts in all running editions.").Add(counts.Hosts);
        var family = page.Family("hinoban_items", "gauge", "Watched items by severity.");
        foreach (var (severity, count) in counts.BySeverity.OrderBy(c => c.Key))
        {
            family.Add(count, ("severity", severity.ToString().ToLowerInvariant()));
        }

        page.Family("hinoban_check_now_waiting", "gauge", "Items whose verdict waits for a look that waits for the desk-wide cap.").Add(counts.LooksWait);
    }

    private static void Mails(PrometheusText page, IReadOnlyList<MailView> mails)
    {
        var deliveries = mails.SelectMany(m => m.Deliveries).ToList();
        var family = page.Family("hinoban_deliveries", "gauge", "Envelopes of the latest 1000 mails by state.");
        foreach (var state in deliveries.GroupBy(d => d.State).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            family.Add(state.Count(), ("state", MailShape.Snake(state.Key)));
        }

        page.Family("hinoban_deliveries_possibly_twice", "gauge", "Envelopes of the latest 1000 mails that a crash may have sent twice.")
            .Add(deliveries.Count(d => d.PossiblyTwice));
    }

}

/// <summary>Writes the Prometheus text format.</summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder text = new();

    internal Sink Family(string name, string type, string help)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n# TYPE {name} {type}\n");
        return new Sink(text, name);
    }

    public override string ToString() => text.ToString();

    /// <summary>One family's samples.</summary>
    internal readonly struct Sink(StringBuilder text, string name)
    {
        internal void Add(double value, params ReadOnlySpan<(string Label, string Value)> labels)
        {
            text.Append(name);
            for (var i = 0; i < labels.Length; i++)
            {
                var safe = labels[i].Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
                text.Append(i == 0 ? '{' : ',').Append(labels[i].Label).Append("=\"").Append(safe).Append('"');
            }

            text.Append(labels.Length > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
