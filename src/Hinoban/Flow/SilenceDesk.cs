using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>The outcome of setting a silence; <see cref="Id"/> is 0 if it was refused.</summary>
internal sealed record SilenceOutcome(CommandOutcome Outcome, long Id);

/// <summary>Maintenance at run time: people set a mute and end it early, and see all silences with what they held back.</summary>
internal sealed class SilenceDesk(DeskEngine engine, Db db, DeskStores stores)
{
    /// <summary>A silence that is over stays on the list for so long.</summary>
    private static readonly TimeSpan ShownAfter = TimeSpan.FromDays(7);

    private const int Most = 1000;

    internal SilenceOutcome Set(Actor by, SilenceRequest wanted)
    {
        if (!by.Scope.Covers(wanted.Customer))
        {
            return new(new CommandOutcome(Refusal.NotFound, SilenceWhy.NoSuchScope), 0);
        }

        if (!by.MayRespond)
        {
            return new(new CommandOutcome(Refusal.Forbidden, RespondText.ViewerMayNot), 0);
        }

        return engine.Change(work =>
        {
            var what = wanted with { Reason = wanted.Reason.Trim() };
            if (what.Problem(work.Plan.Customer(what.Customer), work.Now.Utc) is { } problem)
            {
                return new SilenceOutcome(new CommandOutcome(problem == SilenceWhy.NoSuchScope ? Refusal.NotFound : Refusal.Invalid, problem), 0);
            }

            var id = SilenceFlow.Set(work, what, by.Name);
            CommandAudit.Append(work, by, CommandAudit.SilenceSet, FormattableString.Invariant(
                $"{Silence.KeyOf(id)} {what.Customer} {SilencePlan.WhatOf(what.Host, what.Service)} {what.FromUtc:u} {what.ToUtc:u} {what.Reason}"));
            return new SilenceOutcome(CommandOutcome.Done, id);
        });
    }

    internal CommandOutcome End(Actor by, long id, string reason)
    {
        if (db.Read(tx => stores.Silences.Load(tx, by.Scope, id)) is null)
        {
            return new CommandOutcome(Refusal.NotFound, SilenceWhy.NoSuchSilence);
        }

        if (!by.MayRespond)
        {
            return new CommandOutcome(Refusal.Forbidden, RespondText.ViewerMayNot);
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return new CommandOutcome(Refusal.Invalid, SilenceWhy.ReasonNeeded);
        }

        var why = reason.Trim();
        return why.Length > SilencePlan.LongestReason || SpecWords.Unprintable(why) is not null
            ? new CommandOutcome(Refusal.Invalid, SilenceWhy.ReasonWrong)
            : engine.Change(work => End(work, by, id, why));
    }

    /// <summary>All that hold, are to come, or ended lately; what holds now first.</summary>
    internal IReadOnlyList<SilenceRow> Rows(Scope scope)
    {
        var now = engine.Look((_, _, moment) => moment.Utc);
        var (set, held) = db.Read(tx => (stores.Silences.List(tx, scope, now - ShownAfter, Most), stores.Silences.Held(tx, scope)));
        var rows = engine.Look((board, _, _) => board.Plan.Customers.Where(c => scope.Covers(c.Id)).SelectMany(customer =>
        {
            var zone = customer.Zone;
            var agreed = customer.Silences.Select(s => Row(customer, Silence.Of(customer, zone, s), null, now));
            var asked = set.Where(s => s.What.Customer == customer.Id).Select(s => Row(customer, s.ToSilence(zone), s, now));
            return agreed.Concat(asked).Where(r => r.EndsUtc > now - ShownAfter).ToList();
        }).ToList());
        return [.. rows.Select(r => r with { Held = held.GetValueOrDefault((r.Customer, r.Key)) })
            .OrderBy(r => r.Stage).ThenBy(r => r.Stage == SilenceStage.Ended ? now - r.EndsUtc : r.FromUtc - now).ThenBy(r => r.Key, StringComparer.Ordinal)];
    }

    private CommandOutcome End(DeskWork work, Actor by, long id, string reason)
    {
        var set = stores.Silences.Load(work.Tx, by.Scope, id)!;
        if (set.EndedUtc is not null || set.What.ToUtc <= work.Now.Utc)
        {
            return new CommandOutcome(Refusal.Conflict, SilenceWhy.EndedAlready);
        }

        stores.Silences.End(work.Tx, id, by.Name, reason, work.Now.Utc);
        work.Silencing(set with { EndedUtc = work.Now.Utc, EndedBy = by.Name, EndedBecause = reason });
        CommandAudit.Append(work, by, CommandAudit.SilenceEnded, FormattableString.Invariant($"{Silence.KeyOf(id)} {set.What.Customer} {SilencePlan.WhatOf(set.What.Host, set.What.Service)} {reason}"));
        return CommandOutcome.Done;
    }


    private static SilenceRow Row(CustomerPlan customer, Silence silence, SetSilence? set, DateTimeOffset now)
    {
        var (holds, next) = (SilenceClock.At(silence.Plan.When, silence.Zone, now), SilenceClock.Next(silence.Plan.When, silence.Zone, now));
        var end = SilenceClock.EndOf(silence.Plan.When, silence.Zone);
        return new SilenceRow(
            silence.Key, silence.Id, customer.Id, customer.Name, customer.TimeZone, silence.Plan.What, silence.Plan.Host, silence.Plan.Service, silence.Plan.Kind,
            silence.Plan.When is RecurringTimes ? SilenceWords.Of(silence.Plan.When) : "",
            silence.Plan.Reason, silence.Plan.Owner,
            holds is not null ? SilenceStage.Holds : now >= end ? SilenceStage.Ended : SilenceStage.ToCome,
            (holds ?? next)?.StartUtc ?? set?.What.FromUtc ?? end, (holds ?? next)?.EndUtc ?? end, end,
            silence.Plan.For, silence.Plan.Match, set?.EndedBy ?? "", set?.EndedBecause ?? "");
    }
}
