using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>The time limits of agreement (architecture §1a), in one place.</summary>
internal static class AgreementTimes
{
    /// <summary>A site whose last heartbeat (every 5 s) is this old is silent.</summary>
    internal static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(15);

    /// <summary>A site whose votes are void for this long, because it is silent or does not look, is lost: the others judge without it.</summary>
    internal static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    /// <summary>Looks that one site left alone needs, if the item does not ask for more.</summary>
    internal const int SingleSiteLooks = 3;

    /// <summary>The pace of the looks that a site left alone must make beyond its own attempts: Nagios' retry.</summary>
    internal static readonly TimeSpan AloneEvery = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StartAndShip = TimeSpan.FromSeconds(5);

    /// <summary>How long a vote lasts after its look has ended.</summary>
    internal static TimeSpan VoteLasts(AgreementTerms terms) => terms.Interval * 1.5;

    /// <summary>How long a soft failure lasts: its site looks again at the retry pace, and one that has not is one that cannot.</summary>
    internal static TimeSpan SoftLasts(AgreementTerms terms) => Min(VoteLasts(terms), (terms.Retry * 1.5) + Unanswered(terms));

    /// <summary>The time-out of a check-now.</summary>
    internal static TimeSpan Confirmation(AgreementTerms terms) => ItemPlan.ConfirmationOf(terms.Timeout, terms.CriticalTime);

    /// <summary>A check-now without a look after this time is unanswered: 15 s, more where the look itself may take longer.</summary>
    internal static TimeSpan Unanswered(AgreementTerms terms) => Max(AnswerWithin, Confirmation(terms) + StartAndShip);

    /// <summary>Looks in a row that a site left alone must see fail.</summary>
    internal static int LooksAlone(AgreementTerms terms) => Math.Max(SingleSiteLooks, terms.Attempts);

    /// <summary>Worst first: critical, no value, warning.</summary>
    internal static int Weight(CheckStatus status) => status switch
    {
        CheckStatus.Critical => 3,
        CheckStatus.Unknown => 2,
        CheckStatus.Warning => 1,
        CheckStatus.Ok => 0,
    };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
