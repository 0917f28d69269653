using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Specs;

namespace Hinoban.Responding;

/// <summary>Where the calling of the contact list stands.</summary>
internal enum CallStage
{
    /// <summary>There is nobody to call.</summary>
    NoContacts,

    /// <summary>Somebody is next.</summary>
    CallNext,

    /// <summary>Somebody was reached: calling stops.</summary>
    Reached,

    /// <summary>Every contact was called in every round (架電不達): the mailing list is told.</summary>
    Exhausted,
}

/// <summary>Who would be called next, in which round (from 1). A suggestion: today a person dials and records.</summary>
internal sealed record CallSuggestion(CallStage Stage, int Round, ContactPlan? Contact);

/// <summary>Whom to phone: the contact list in order, round after round, until somebody is reached (3順).</summary>
internal static class CallRules
{
    internal const int Rounds = 3;

    internal static CallSuggestion Next(IReadOnlyList<ContactPlan> contacts, IReadOnlyList<IncidentEvent> events, int rounds = Rounds)
    {
        var calls = events.OfType<CallRecorded>().ToList();
        if (contacts.Count == 0)
        {
            return new CallSuggestion(CallStage.NoContacts, 0, null);
        }

        var done = contacts.Select(contact => calls.Count(call => call.Contact == contact.Name)).ToList();
        if (calls.Any(call => Reaches(call.Outcome)))
        {
            return new CallSuggestion(CallStage.Reached, done.Max(), null);
        }

        var round = done.Min() + 1;
        return round > rounds
            ? new CallSuggestion(CallStage.Exhausted, rounds, null)
            : new CallSuggestion(CallStage.CallNext, round, contacts[done.IndexOf(round - 1)]);
    }

    /// <summary>A voicemail, or somebody who cannot act, is not contact (R16).</summary>
    internal static bool Reaches(CallOutcome outcome) => outcome is CallOutcome.ReachedPerson or CallOutcome.ReachedDeputy;

    /// <summary>The record of a call that a person made. A call back may come from somebody who is not on the list: the name is taken as given.</summary>
    internal static RespondDecision Record(
        IReadOnlyList<IncidentEvent> events, Actor actor, string contact, string numberTail, CallOutcome outcome, string said, DateTimeOffset now) =>
        actor switch
        {
            { MayRespond: false } => RespondDecision.No(RespondRefusal.Forbidden, RespondText.ViewerMayNot),
            _ when ResponseState.Of(events).Over => RespondDecision.No(RespondRefusal.Conflict, RespondText.IsClosed),
            _ when string.IsNullOrWhiteSpace(contact) => RespondDecision.No(RespondRefusal.Invalid, RespondText.ContactNeeded),
            _ when numberTail.Length > 4 || !numberTail.All(char.IsAsciiDigit) => RespondDecision.No(RespondRefusal.Invalid, RespondText.TailIsFourDigits),
            _ when Reaches(outcome) && string.IsNullOrWhiteSpace(said) => RespondDecision.No(RespondRefusal.Invalid, RespondText.WhatWasSaid),
            _ => RespondDecision.Do(new CallRecorded(now, actor.Name, contact.Trim(), numberTail, outcome, said.Trim())),
        };
}
