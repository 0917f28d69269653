using System.Globalization;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>A promise that was not kept.</summary>
internal sealed record SimViolation(string Law, TimeSpan At, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Law} at {(int)At.TotalDays}d {At:hh\\:mm\\:ss\\.f}: {What}");
}

/// <summary>How many alerts of a fault to a member were owed by the bound as it is printed, by the wider one of a company in trouble, and not at all: too short, covered or held.</summary>
internal readonly record struct SimOwed(int Strict, int Wider, int None)
{
    public static SimOwed operator +(SimOwed a, SimOwed b) => new(a.Strict + b.Strict, a.Wider + b.Wider, a.None + b.None);
}

/// <summary>
/// Judges a run by the script and by what left the company. Shares no rule with the engine: what is promised is written out here a second time.
/// </summary>
internal sealed class SimJudge
{
    private static readonly TimeSpan RecoveryLook = TimeSpan.FromSeconds(45);

    private readonly SimRecord record;
    private readonly SimScript script;
    private readonly SimTruth truth;
    private readonly ILookup<(string Key, string Recipient), SimMail> mails;
    private readonly SimLookLaws looks;
    private readonly SimStormLaws storms;
    private readonly List<SimViolation> violations = [];
    private SimOwed owed;

    private SimJudge(SimRecord record)
    {
        (this.record, script, truth) = (record, record.Played, new SimTruth(record.Played));
        (looks, storms) = (new SimLookLaws(record, truth), new SimStormLaws(record, truth));
        mails = record.Mails.ToLookup(m => (m.Key, m.Recipient));
    }

    /// <summary>Alerts that only a broken way of the one site left could have caused: until sites have anchors nobody can tell. Counted.</summary>
    internal int Excused { get; private set; }

    internal static (IReadOnlyList<SimViolation> Violations, int Excused, SimOwed Owed) Judge(SimRecord record)
    {
        var judge = new SimJudge(record);
        judge.EveryFaultIsMailed();
        foreach (var incident in record.Incidents.Where(i => i.Facts.Title != SimSpec.Posted))
        {
            judge.ItIsTrue(incident);
            judge.violations.AddRange(judge.storms.Judge(incident));
            judge.WhatItHidIsTold(incident);
            judge.ItIsNotBehindAnother(incident);
            judge.ItEndsOnceAndTruly(incident);
        }

        foreach (var incident in record.Incidents)
        {
            judge.FlappingIsToldOnce(incident);
            judge.NobodyIsToldTwice(incident);
            judge.EachDeliveryEndsOnce(incident);
            judge.ItsSloClockIsTheRelays(incident);
        }

        judge.NothingIsToldThatIsHeld();
        judge.OneProblemAtATime();
        judge.violations.AddRange(new SimPostLaws(record, judge.truth).Judge());
        judge.violations.AddRange(new SimCompanyLaws(record, judge.truth).Judge());
        return ([.. judge.violations.OrderBy(v => v.At)], judge.Excused, judge.owed);
    }

    private void EveryFaultIsMailed()
    {
        foreach (var item in SimSpec.Items)
        {
            foreach (var span in truth.Broken(item).All)
            {
                var kinds = script.Faults.Where(f => f.IsTarget && f.Span.Meets(span) && (f.What == item || f.What == SimSpec.HostOf(item) || SimSpec.Switches.Contains(f.What))).Select(f => f.Kind).ToList();
                if (!script.Faults.Any(f => f.IsSpec && f.What == item && f.Span.Meets(span)) && truth.IsAgreed(item, span.From))
                {
                    MustBeMailed(item, span, kinds);
                }
            }
        }
    }

    // What a service joins is its host's, and that may be held.
    private SimSpans HeldCover(string item) => SimSpec.IsHost(item) ? SimSpans.None : truth.MayBeHeld(SimSpec.HostOf(item), record.Mutes);

    // While the trouble of its host, or of the switches before that, covers it, nothing is owed.
    private (TimeSpan By, bool Strict) Deadline(string item, SimSpan span, List<SimKind> kinds, string member)
    {
        var usual = span.From + kinds.Max(k => truth.Bound(item, k));
        var longest = truth.WorseBound(SimSpec.HostOf(item)) > truth.WorseBound(item) ? truth.WorseBound(SimSpec.HostOf(item)) : truth.WorseBound(item);
        var cover = truth.Cover(item).Wider(truth.LookSpeaks(item), longest);
        var held = truth.MayBeHeld(item, record.Mutes).Or(truth.Stopped(item)).Or(HeldCover(item));
        var seldom = script.Faults.Any(f => f.IsTarget && f.Site.Length > 0 && f.What == item && f.Span.Meets(span));
        return seldom || truth.IsHindered(item, new SimSpan(span.From, usual)) || cover.Meets(new SimSpan(span.From, usual)) || held.Meets(new SimSpan(span.From, usual))
            ? (cover.Or(truth.Blocking(span, member)).Or(held).After(span.From, longest), false)
            : (usual, true);
    }

    private void MustBeMailed(string item, SimSpan span, List<SimKind> kinds)
    {
        foreach (var member in SimSpec.Members)
        {
            var (by, strict) = Deadline(item, span, kinds, member);
            if (by >= span.Until || Refused(member, new SimSpan(span.From, by)) || truth.IsOpen(item, new SimSpan(span.From, by)))
            {
                owed = owed with { None = owed.None + 1 };
                continue;
            }

            owed = strict ? owed with { Strict = owed.Strict + 1 } : owed with { Wider = owed.Wider + 1 };

            var near = record.Incidents.Where(i => i.Facts.Title == item && i.Opened <= by && !(i.Recovered <= span.From)).ToList();
            var told = near.SelectMany(i => i.Told(NoticeKind.Alert)).SelectMany(t => mails[(((NoticeDecided)t.What).MailKey, member)]).ToList();
            if (near.Any(i => i.Told(NoticeKind.Alert).Any(t => Refused(member, new SimSpan(t.At, t.At + TimeSpan.FromTicks(1))))))
            {
                continue;
            }

            if (told.Count > 0 && told.Min(m => m.At) <= by)
            {
                continue;
            }

            var late = by + SimStormLaws.Later;
            if (!SimSpec.IsHost(item) || !storms.KeysFor(item, span, by).Any(k => mails[(k, member)].Any(m => m.At <= late) || late >= span.Until))
            {
                var when = told.Count == 0 ? "not at all" : $"{(told.Min(m => m.At) - span.From).TotalSeconds:0.0} s after it began";
                Wrong("every fault longer than the bound is mailed", by, $"{item} was broken for {span.Length.TotalSeconds:0} s and {member} was told {when}, promised {(by - span.From).TotalSeconds:0} s");
            }
        }
    }

    private void ItIsTrue(SimIncident incident)
    {
        var before = new SimSpan(incident.Opened - truth.LookSpeaks(incident.Facts.Title) - Lag(incident.Opened), incident.Opened + TimeSpan.FromTicks(1));
        if (truth.Broken(incident.Facts.Title).Meets(before))
        {
            violations.AddRange(looks.Judge(incident, Lag(incident.Opened)) is { } wrong ? [wrong] : []);
            return;
        }

        if (truth.Dark(incident.Facts.Title).Meets(before))
        {
            Excused++;
            violations.AddRange(looks.JudgeUnseen(incident, before) is { } past ? [past] : []);
        }
        else if (incident.Told(NoticeKind.Alert).Any())
        {
            Wrong("nobody is told of a path", incident.Opened, $"{incident.Facts.Title} was not broken, and is alerted as {incident.Facts.Number}");
        }
    }

    // Behind a host or a switch that is down it is listed there; only what disturbs the desk's sight of that may make it speak for itself.
    private void ItIsNotBehindAnother(SimIncident incident)
    {
        var item = incident.Facts.Title;
        foreach (var alert in incident.Told(NoticeKind.Alert))
        {
            var since = truth.LookSpeaks(item) + truth.WorseBound(item);
            var span = new SimSpan(alert.At - since, alert.At + TimeSpan.FromTicks(1));
            if (truth.Cover(item).Covers(new SimSpan(incident.Opened - TimeSpan.FromSeconds(1), incident.Opened)) && !truth.Own(item).Meets(span)
                && !truth.IsHindered(item, span) && !truth.MayBeHeld(item, record.Mutes).Or(HeldCover(item)).Meets(span)
                && !script.Faults.Any(f => f.IsSpec && f.Span.Meets(span)) && CoverIsFresh(item, span))
            {
                Wrong("what is behind another is not told on its own", alert.At, $"{item} was alerted as {incident.Facts.Number} while what it depends on was down");
            }
        }
    }

    // A machine has 30 s to start what runs on it; then the desk looks, and waits for the host's word no longer than 20 s.
    private void WhatItHidIsTold(SimIncident host)
    {
        if (host.Recovered is not { } recovered || !host.Facts.IsHost || !host.Events.Any(e => e.What is Recovered { Reason: RecoveryReason.SeenWorking }))
        {
            return;
        }

        var by = recovered + TimeSpan.FromSeconds(90);
        foreach (var item in SimSpec.Services.Where(s => SimSpec.HostOf(s) == host.Facts.Title))
        {
            var span = new SimSpan(recovered - truth.LookSpeaks(item), by);
            if (truth.Own(item).Covers(span) && !truth.Cover(SimSpec.HostOf(item)).Meets(span) && !truth.Broken(SimSpec.HostOf(item)).Meets(span with { From = recovered })
                && !truth.IsHindered(item, span) && !truth.MayBeHeld(item, record.Mutes).Or(HeldCover(item)).Or(truth.Stopped(item)).Meets(span)
                && !script.Faults.Any(f => (f.IsSpec && f.Span.Meets(span)) || (f.IsTarget && f.Site.Length > 0 && f.What == item))
                && !record.Incidents.Any(i => i.Facts.Title == item && i.Opened <= by && !(i.Recovered <= recovered)))
            {
                Wrong("what a host hid is told when it is back", by, $"{item} still fails after {host.Facts.Number} {host.Facts.Title} recovered, and is no incident");
            }
        }
    }

    // A cover that ended and began again within that time leaves it open which of them the failure belongs to.
    private bool CoverIsFresh(string item, SimSpan span) => truth.Cover(item).All.Count(s => s.Meets(span)) == 1
        && (SimSpec.IsHost(item) || truth.Cover(SimSpec.HostOf(item)).All.Count(s => s.Meets(span)) <= 1);

    private void NothingIsToldThatIsHeld()
    {
        foreach (var incident in record.Incidents)
        {
            var held = truth.MustBeHeld(incident.Facts.Title, record.Mutes);
            foreach (var alert in incident.Told(NoticeKind.Alert).Where(a => held.Holds(a.At) && !truth.DeskAway.Holds(a.At)))
            {
                Wrong("nobody is told in a silence", alert.At, $"{incident.Facts.Title} was alerted as {incident.Facts.Number}");
            }
        }
    }

    private void FlappingIsToldOnce(SimIncident incident)
    {
        var began = incident.Events.Count(e => e.What is FlappingStarted);
        var told = incident.Told(NoticeKind.Flapping).Count();
        if (told > began)
        {
            Wrong("flapping is told once", incident.Opened, $"{incident.Facts.Number} {incident.Facts.Title} began to flap {began} times and said so {told} times");
        }
    }

    private void ItEndsOnceAndTruly(SimIncident incident)
    {
        var recoveries = incident.Told(NoticeKind.Recovery).ToList();
        var alerted = incident.Told(NoticeKind.Alert).Any();
        if (incident.Recovered is not { } recovered)
        {
            if (Flaps(incident) && truth.Broken(incident.Facts.Title).Wider(TimeSpan.Zero, FlapsFor(incident)).Holds(script.Length))
            {
                return;
            }

            Wrong("every mailed problem has its recovery", script.Length, $"{incident.Facts.Number} {incident.Facts.Title} never ended");
            return;
        }

        if (recoveries.Count != (alerted ? 1 : 0))
        {
            Wrong("every mailed problem has its recovery", recovered, $"{incident.Facts.Number} {incident.Facts.Title} was {(alerted ? "" : "not ")}alerted and had {recoveries.Count} recoveries");
        }

        foreach (var notice in recoveries.Concat(incident.Told(NoticeKind.Alert)))
        {
            foreach (var member in SimSpec.Members.Where(m => !Refused(m, new SimSpan(notice.At, script.Length)) && mails[(((NoticeDecided)notice.What).MailKey, m)].All(x => false)))
            {
                Wrong("every notice reaches every member", notice.At, $"{((NoticeDecided)notice.What).MailKey} never reached {member}");
            }
        }

        var why = incident.Events.Select(e => e.What).OfType<Recovered>().First().Reason;
        var item = incident.Facts.Title;
        var look = new SimSpan(recovered - truth.LookSpeaks(incident.Facts.Title) - Lag(recovered), recovered);
        if (why == RecoveryReason.SeenWorking && truth.Broken(item).Covers(look) && !truth.IsOpen(item, look))
        {
            Wrong("no recovery while it fails", recovered, $"{incident.Facts.Number} {item} recovered while it was broken");
        }

        if (why == RecoveryReason.ItemRemoved && truth.IsAgreed(item, recovered - TimeSpan.FromSeconds(1)) && truth.IsAgreed(item, recovered) && Lag(recovered) == TimeSpan.Zero)
        {
            Wrong("only what is removed ends as removed", recovered, $"{incident.Facts.Number} {item}");
        }

        ItEndsInTime(incident, recovered);
    }

    private void ItEndsInTime(SimIncident incident, TimeSpan recovered)
    {
        var item = incident.Facts.Title;
        var end = truth.Broken(item).All.Where(s => s.Until <= recovered && s.Until >= incident.Opened).Select(s => s.Until).DefaultIfEmpty(incident.Opened).Max();
        end = end < storms.LastEnd(incident, recovered) ? storms.LastEnd(incident, recovered) : end;
        var interval = script.IntervalOf(item);
        var need = truth.IsHindered(item, new SimSpan(end, end + interval + RecoveryLook)) ? interval + truth.WorseBound(item) : interval + RecoveryLook;
        need += Flaps(incident) ? FlapsFor(incident) : TimeSpan.Zero;
        var by = truth.Blocking(new SimSpan(end, recovered), "").Or(truth.Dark(item).Wider(TimeSpan.Zero, TimeSpan.FromSeconds(90))).Or(truth.Stopped(item)).After(end, need);
        if (recovered > by)
        {
            Wrong("recoveries come in time", recovered, $"{incident.Facts.Number} {item} worked again at {end:d\\.hh\\:mm\\:ss} and recovered {(recovered - end).TotalSeconds:0} s later");
        }

        foreach (var removal in truth.Of(SimKind.SpecRemove, item).Concat(truth.Of(SimKind.SpecAdd, item).Select(f => f with { From = f.Until })))
        {
            var closed = new SimSpans(script.Faults.Where(f => f.IsDesks).Select(f => f.Span)).After(removal.From, TimeSpan.FromSeconds(10));
            if (incident.Open(removal.From) && recovered > closed)
            {
                Wrong("a removed item's incident is closed", removal.From, $"{incident.Facts.Number} {item} was still open at {closed:d\\.hh\\:mm\\:ss}");
            }
        }
    }

    private void NobodyIsToldTwice(SimIncident incident)
    {
        var severities = new[] { CheckStatus.Ok, CheckStatus.Warning, CheckStatus.Unknown, CheckStatus.Critical };
        if (incident.Told(NoticeKind.Alert).Count() > severities.Length - 1)
        {
            Wrong("nobody is told twice", incident.Opened, $"{incident.Facts.Number} was alerted {incident.Told(NoticeKind.Alert).Count()} times");
        }

        var worst = 0;
        var severity = CheckStatus.Ok;
        foreach (var one in incident.Events)
        {
            severity = one.What is Opened o ? o.Severity : one.What is SeverityChanged c ? c.After : severity;
            if (one.What is NoticeDecided { Told: true, Kind: NoticeKind.Alert })
            {
                if (Array.IndexOf(severities, severity) <= worst)
                {
                    Wrong("nobody is told twice", one.At, $"{incident.Facts.Number} was alerted again though it was no worse");
                }

                worst = Array.IndexOf(severities, severity);
            }
        }

        foreach (var notice in incident.Events.Select(e => e.What).OfType<NoticeDecided>().Where(n => n.Told))
        {
            foreach (var member in SimSpec.Members)
            {
                var taken = mails[(notice.MailKey, member)].ToList();
                var recorded = incident.Events.Any(e => e.What is DeliverySettled { PossiblyTwice: true } d && d.MailKey == notice.MailKey && d.Recipient == member);
                if (taken.Count > 1 && !recorded)
                {
                    Wrong("nobody is told twice", taken[1].At, $"{notice.MailKey} reached {member} {taken.Count} times and the incident does not say so");
                }
            }
        }
    }

    private void EachDeliveryEndsOnce(SimIncident incident)
    {
        foreach (var twice in incident.Events.Where(e => e.What is DeliverySettled).GroupBy(e => (((DeliverySettled)e.What).MailKey, ((DeliverySettled)e.What).Recipient)).Where(g => g.Count() > 1))
        {
            Wrong("each delivery ends once", twice.ElementAt(1).At, $"{twice.Key.MailKey} to {twice.Key.Recipient} has {twice.Count()} ends");
        }
    }

    private void OneProblemAtATime()
    {
        foreach (var item in record.Incidents.GroupBy(i => i.Facts.Title))
        {
            SimIncident? before = null;
            foreach (var incident in item)
            {
                if (before is not null && before.Open(incident.Opened))
                {
                    Wrong("one problem at a time", incident.Opened, $"{incident.Facts.Number} {item.Key} opened beside {before.Facts.Number}");
                }

                before = incident;
            }
        }
    }

    private void ItsSloClockIsTheRelays(SimIncident incident)
    {
        var alerts = incident.Told(NoticeKind.Alert).Select(t => ((NoticeDecided)t.What).MailKey).ToList();
        var first = alerts.SelectMany(k => mails[(k, SimSpec.DeskBox)]).MinBy(m => m.At);
        var started = record.Slo.FirstOrDefault(s => s.Incident == incident.Id).Started;
        var plain = incident.Events.Select(e => e.What).OfType<DeliverySettled>().FirstOrDefault(d => d is { Kind: NoticeKind.Alert, Desk: true, Outcome: DeliveryOutcome.Accepted });
        if (truth.MayBeSilenced(incident.Facts.Title, SilenceKind.Wait, new SimSpan(incident.Opened, incident.Recovered ?? script.Length))
            || script.Faults.Any(f => f.Kind is SimKind.DeskStall or SimKind.DeskStallAt or SimKind.DeskSlowDisk && f.Span.Meets(new SimSpan(incident.Opened, (first?.At ?? incident.Opened) + TimeSpan.FromMinutes(1)))))
        {
            return;
        }

        if (first is null || plain is null or { LookedUp: true } or { PossiblyTwice: true } || Refused(SimSpec.DeskBox, new SimSpan(incident.Opened, first.At)))
        {
            return;
        }

        // The relay took it before the desk's clock was set, and the desk heard of it after.
        if (script.Faults.Any(f => f.Kind == SimKind.WallStep && f.What == "desk" && (Near(f.From, first.At) || Near(f.Until, first.At))))
        {
            return;
        }

        if (started is not { } clock || (clock - first.DeskWall).Duration() > TimeSpan.FromSeconds(1))
        {
            Wrong("the SLO clock is the relay's acceptance", first.At, $"{incident.Facts.Number}: accepted {first.DeskWall:HH:mm:ss.f}, clock {started:HH:mm:ss.f}");
        }
    }

    private static bool Near(TimeSpan step, TimeSpan taken) => step >= taken && step - taken < TimeSpan.FromSeconds(1);

    // While the desk was away nothing could be judged, and what the sites kept is judged when it is back.
    private TimeSpan Lag(TimeSpan at) => TimeSpan.FromTicks(script.Faults
        .Where(f => (f.IsDesks || f.IsSiteAway || f.Kind is SimKind.LineSlow) && f.From <= at && at <= f.Until + TimeSpan.FromSeconds(90)).Sum(f => f.Span.Length.Ticks));

    private static bool Flaps(SimIncident incident) => incident.Events.Any(e => e.What is FlappingStarted);

    // At most as many calm states as are kept, one an interval.
    private TimeSpan FlapsFor(SimIncident incident) => script.IntervalOf(incident.Facts.Title) * 21;

    private bool Refused(string member, SimSpan span) => truth.Of(SimKind.RelayNever, member).Any(f => f.Span.Meets(span with { Until = span.Until + TimeSpan.FromHours(1) }));

    private void Wrong(string law, TimeSpan at, string what) => violations.Add(new SimViolation(law, at, what));
}
