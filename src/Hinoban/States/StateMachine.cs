using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>Nagios' soft and hard states: what one more look does to one site's view of an item.</summary>
internal static class StateMachine
{
    /// <summary>
    /// Steps a view by a look. A look that started before the view's last one, or that our own engine could not make, changes
    /// nothing (<see cref="ViewChange.Ignored"/>). <paramref name="hostUp"/> is the desk's or site's present word on the item's host;
    /// host checks pass true.
    /// </summary>
    internal static Transition Step(StateTerms terms, SiteView before, Sighting seen, bool hostUp)
    {
        if (seen.Answer.NoValue == NoValue.EngineFault || seen.StartedMono < before.LookMono)
        {
            return new Transition(before, ViewChange.Ignored);
        }

        var after = StateAfter(terms, before, seen.Answer.Status, hostUp);
        return new Transition(WithFacts(before, after, seen), ChangeOf(before, after));
    }

    private static SiteView StateAfter(StateTerms terms, SiteView before, CheckStatus status, bool hostUp)
    {
        var known = before with { Known = true, Status = status };
        if (status == CheckStatus.Ok)
        {
            return known with { Type = StateType.Hard, Attempt = 1, LastHard = CheckStatus.Ok, FailingLooks = 0 };
        }

        var looks = before.FailingLooks + 1;
        if (before.HardFailing)
        {
            return known with { LastHard = status, FailingLooks = looks };
        }

        var attempt = before.SoftFailing ? Math.Min(before.Attempt + 1, terms.Attempts) : 1;
        return attempt >= terms.Attempts || (!hostUp && !terms.IsHostCheck)
            ? known with { Type = StateType.Hard, Attempt = attempt, LastHard = status, FailingLooks = looks }
            : known with { Type = StateType.Soft, Attempt = attempt, FailingLooks = looks };
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
            FailedLookMono = failing ? seen.StartedMono : before.FailedLookMono,
            FailingSinceUtc = first ? seen.StartedUtc : before.FailingSinceUtc,
            ChangedUtc = before.Known && before.Status == after.Status ? before.ChangedUtc : seen.StartedUtc,
            Took = seen.Took,
            Output = seen.Answer.Output,
            LongOutput = seen.Answer.LongOutput,
            Perfdata = seen.Answer.Perfdata,
        };
    }

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
