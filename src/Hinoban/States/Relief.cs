using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>
/// An OK that stands against a problem: the first sign of its end. A site whose newest look is a failure from before owes a look of its
/// own; only when it has looked, or has had its time, is the problem over.
/// </summary>
/// <param name="SinceMono">When the desk first saw it.</param>
/// <param name="RunMono">When the earliest run of OKs began that is newer than every failure.</param>
internal sealed record Relief(TimeSpan SinceMono, TimeSpan RunMono)
{
    /// <summary>When the last failing look of any site started.</summary>
    internal static TimeSpan LastFailure(IEnumerable<SiteView> views) => views.Select(v => v.FailedLookMono).Max() ?? TimeSpan.MinValue;

    /// <summary>Seen working after the last failure. Unknown to be so after a restart, until the next look.</summary>
    internal static bool IsFresh(SiteView view, TimeSpan lastFailure) => view is { Known: true, Status: CheckStatus.Ok } && view.LookMono > lastFailure;

    /// <summary>The earliest beginning of the fresh views' runs of OKs; one from before a restart began before everything.</summary>
    internal static TimeSpan RunOf(IEnumerable<SiteView> fresh) => fresh.Min(v => v.RunMono ?? TimeSpan.MinValue);

    /// <summary>
    /// The view's newest look is a failure that says nothing about the OK. One from after it does: then the path is broken, or the
    /// target answers the other site only.
    /// </summary>
    internal bool IsOwedBy(SiteView view) => view.Known && view.Status != CheckStatus.Ok && !(view.LookMono > RunMono);
}
