using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>The pump's paces.</summary>
internal sealed record PumpOptions
{
    /// <summary>Posts are at least this far apart while results keep coming; a lone result goes at once.</summary>
    internal TimeSpan PostEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Architecture §1a: the heartbeat.</summary>
    internal TimeSpan BeatEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the looks that are out are asked for, where nobody tells when the next of them becomes suspicious.</summary>
    internal TimeSpan SuspectEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A look that begins now is not suspicious for so long.</summary>
    internal TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A desk that was away longer gets only the newest result of each item live.</summary>
    internal TimeSpan FoldAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A desk that has been away for this long is worth an error in the site's own log.</summary>
    internal TimeSpan AwayAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a batch that the desk calls bad is tried before it is given up.</summary>
    internal int BadBatchTries { get; init; } = 3;

    /// <summary>For the last posts when the site is stopped.</summary>
    internal TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// What the pump asks of the site's engine and gives to it. <see cref="Unanswered"/> and <see cref="Health"/> are called from the pump's
/// loop and must not block; <see cref="Order"/> is called in the order of the stream.
/// </summary>
internal sealed record PumpFeeds(Action<SiteOrder> Order, Func<IReadOnlyList<UnansweredLook>> Unanswered, Func<SiteHealth> Health)
{
    /// <summary>When the next of the looks that are out now becomes one of <see cref="Unanswered"/> (monotonic), null if none is out; not set where that cannot be told.
    /// Who sets it tells the pump of each look that begins.</summary>
    internal Func<TimeSpan?>? NextUnanswered { get; init; }
}
