using Hinoban.Flow;

namespace Hinoban.Console.Parts;

/// <summary>How urgent an unclaimed incident is: by the share of the agreed time that has passed.</summary>
internal enum Urgency
{
    /// <summary>The clock has not started: no mail is accepted yet.</summary>
    NotStarted,

    /// <summary>Less than half has passed (under 5 of 10 minutes).</summary>
    Calm,

    /// <summary>Half has passed.</summary>
    Soon,

    /// <summary>Four fifths have passed (8 of 10 minutes).</summary>
    Urgent,

    /// <summary>The time is over.</summary>
    Over,

    /// <summary>Claimed: the clock stands.</summary>
    Stopped,
}

/// <summary>Reads the SLO clock of an incident; the page's script does the same between two fetches.</summary>
internal static class SloClock
{
    internal const double SoonShare = 0.5;
    internal const double UrgentShare = 0.8;

    internal static Urgency UrgencyOf(SloView slo, DateTimeOffset now)
    {
        if (slo.ClaimedUtc is not null)
        {
            return Urgency.Stopped;
        }

        if (slo is not { StartedUtc: { } started, DueUtc: { } due })
        {
            return Urgency.NotStarted;
        }

        var share = (now - started) / (due - started);
        return share switch
        {
            >= 1 => Urgency.Over,
            >= UrgentShare => Urgency.Urgent,
            >= SoonShare => Urgency.Soon,
            _ => Urgency.Calm,
        };
    }

    internal static string Word(Urgency urgency) => urgency switch
    {
        Urgency.NotStarted => "waiting",
        Urgency.Calm => "calm",
        Urgency.Soon => "soon",
        Urgency.Urgent => "urgent",
        Urgency.Over => "over",
        Urgency.Stopped => "stopped",
    };
}
