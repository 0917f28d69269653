using Hinoban.Basics;
using Hinoban.Incidents;

namespace Hinoban.Responding;

/// <summary>Why something an operator asked for was not done. The names are those the desk's commands answer with.</summary>
internal enum RespondRefusal
{
    /// <summary>There is no such step.</summary>
    NotFound,

    /// <summary>The role does not allow it.</summary>
    Forbidden,

    /// <summary>It does not fit the incident's state.</summary>
    Conflict,

    /// <summary>The input lacks something; the text says what.</summary>
    Invalid,

    /// <summary>A change step wants host and exact command confirmed.</summary>
    ConfirmationNeeded,
}

/// <summary>What a rule answers to a person: the events to append, or why not. No refusal and no events means it is so already.</summary>
internal sealed record RespondDecision(RespondRefusal? Refusal, Text Message, IReadOnlyList<IncidentEvent> Events)
{
    internal static RespondDecision Do(params IncidentEvent[] events) => new(null, Text.Same(""), events);

    internal static RespondDecision No(RespondRefusal refusal, Text why) => new(refusal, why, []);
}
