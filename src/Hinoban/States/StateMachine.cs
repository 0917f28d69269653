using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>Nagios' soft and hard states: what one more look does to one site's view of an item.</summary>
internal static class StateMachine
{
    /// <summary>
    /// Steps a view by a look. A look that started before the view's last one, or that our own engine could not make, changes
    /// nothing (<see cref="ViewChange.Ignored"/>). <paramref name="hostUp"/>: false while the item's host counts as down, by
    /// the desk's verdict or the site's own view; then a failing service is hard at once. Of no effect on host checks.
    /// </summary>
    internal static Transition Step(StateTerms terms, SiteView before, Sighting seen, bool hostUp)
    {
        if (seen.Answer.NoValue == NoValue.EngineFault || seen.StartedMono < before.LookMono)
        {
            return new Transition(before, ViewChange.Ignored);
        }

        var after = StateAfter(terms, before, seen.Answer.Status, hostUp || terms.IsHostCheck);
        return new Transition(WithFacts(before, after, seen), ChangeOf(before, after));
    }

    private static SiteView StateAfter(StateTerms terms, SiteView before, CheckStatus status, bool hostUp)
    {
        var known = before with { Known = true, Status = status };
        if (status == CheckStatus.Ok)
        {
            var softHost = terms.IsHostCheck && before.SoftFailing;
            return known with
            {
                Type = softHost ? StateType.Soft : StateType.Hard,
                Attempt = 1,
                LastHard = CheckStatus.Ok,
                FailingLooks = 0,
                HostWasDown = false,
            };
        }

        var failing = known with { FailingLooks = before.FailingLooks + 1, HostWasDown = !hostUp };
        return before.HardFailing
            ? StillHard(terms, before, failing, hostUp)
            : NotYetHard(terms, before, failing, hostUp);
    }

    /// <summary>
    /// Hard stays hard, with one corner: a failure that is hard at attempt 1 because its host was down starts over
    /// when it changes severity while the host is up again.
    /// </summary>
    private static SiteView StillHard(StateTerms terms, SiteView before, SiteView failing, bool hostUp)
    {
        // Attempt 1 of several: hard by its host. Compared so that a reload which raises the attempts changes nothing here.
        var byItsHost = before.Attempt == 1 && terms.Attempts > 1 && !terms.IsHostCheck;
        if (failing.Status == before.Status || !byItsHost)
        {
            return failing with { LastHard = failing.Status };
        }

        return hostUp
            ? failing with { Type = StateType.Soft, Attempt = 1 }
            : failing with { Attempt = terms.Attempts, LastHard = failing.Status };
    }

    private static SiteView NotYetHard(StateTerms terms, SiteView before, SiteView failing, bool hostUp)
    {
        // After the host came back Nagios counts from one again; this look is the second.
        var counted = before.HostWasDown && hostUp ? 1 : before.Attempt;
        var attempt = before.SoftFailing ? counted + 1 : 1;
        if (attempt >= terms.Attempts)
        {
            return failing with { Type = StateType.Hard, Attempt = terms.Attempts, LastHard = failing.Status };
        }

        // The host explains the failure: no attempts are spent on it. Unless it is the state that was hard last.
        if (!hostUp && failing.Status != before.LastHard)
        {
            return failing with { Type = StateType.Hard, Attempt = before.SoftFailing ? terms.Attempts : 1, LastHard = failing.Status };
        }

        return failing with { Type = StateType.Soft, Attempt = attempt };
    }

    private static SiteView WithFacts(SiteView before, SiteView after, Sighting seen)
    {
        var failing = after.Status != CheckStatus.Ok;
        var first = failing && before.FailingLooks == 0;
        return after with
        {
            Reply = seen.Answer.Reply,
            NoValue = seen.Answer.NoValue,
            LookMono = seen.StartedMono,
            LookUtc = seen.StartedUtc,
            RunMono = SameRun(before, failing) ? before.RunMono : seen.StartedMono,
            FailedLookMono = failing ? seen.StartedMono : before.FailedLookMono,
            FailingSinceUtc = first ? seen.StartedUtc : before.FailingSinceUtc,
            ChangedUtc = before.Known && before.Status == after.Status ? before.ChangedUtc : seen.StartedUtc,
            Took = seen.Took,
            Output = seen.Answer.Output,
            LongOutput = seen.Answer.LongOutput,
            Perfdata = seen.Answer.Perfdata,
        };
    }

    private static bool SameRun(SiteView before, bool failing) => before.Known && failing == (before.Status != CheckStatus.Ok);

    private static ViewChange ChangeOf(SiteView before, SiteView after)
    {
        if (after.Status == CheckStatus.Ok)
        {
            return before.HardFailing ? ViewChange.HardRecovery : before.SoftFailing ? ViewChange.SoftRecovery : ViewChange.None;
        }

        if (after.Type == StateType.Soft)
        {
            return ViewChange.SoftFailure;
        }

        return !before.HardFailing ? ViewChange.HardFailure
            : before.Status != after.Status ? ViewChange.HardSeverity
            : ViewChange.None;
    }
}
