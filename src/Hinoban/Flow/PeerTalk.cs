using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>One peer: the link to it, what it said last, and what it has been told. Each hears the other every 5 s, whichever of them can dial.</summary>
internal sealed class PeerTalk(SiteName site, PeerPlan plan, int rank, IPeerLink link, TimeProvider clock, ILogger log)
{
    private readonly Lock gate = new();
    private readonly HashSet<EpisodeNote> told = [];
    private readonly HashSet<EpisodeNote> answered = [];
    private IReadOnlyList<EpisodeNote> underWay = [];
    private long page = SqlTypes.ToMicros(clock.GetUtcNow());
    private long seen;
    private (PeerWord Word, TimeSpan At)? last;
    private bool failing;

    internal PeerPlan Plan => plan;

    internal IPeerLink Link => link;

    /// <summary>Null before its first word.</summary>
    internal PeerSight? Sight(TimeSpan now)
    {
        lock (gate)
        {
            return last is { } l ? new PeerSight(plan.Name, rank, now - l.At, l.Word.DeskAge, l.Word.Isolated, l.Word.MaySpeak) : null;
        }
    }

    /// <summary>It spoke, first or in answer.</summary>
    internal void Heard(PeerWord word)
    {
        lock (gate)
        {
            last = (word, Moment.MonoOf(clock));
        }
    }

    /// <summary>Tells this site's own word until cancelled; notes that have arrived are not told again.</summary>
    internal async Task RunAsync(Func<PeerWord> mine, Action<PeerWord> heard, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await TellAsync(mine(), heard, cancel);
                await Task.Delay(AwayRules.HearEvery, clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    /// <summary>This site's own word as the answer to one of the peer's: of what the peer has not had, a page. Without a talk of ours, the first page of all.</summary>
    internal static PeerWord Answer(PeerTalk? talk, PeerWord theirs, PeerWord mine) => talk?.Answer(theirs, mine) ?? mine with { Notes = AwayCodec.Pages(mine.Notes).First() };

    private PeerWord Answer(PeerWord theirs, PeerWord mine)
    {
        lock (gate)
        {
            if (theirs.Seen == page)
            {
                answered.UnionWith(underWay);
            }
            else if (theirs.Seen == 0)
            {
                // It has begun anew, and knows what it kept at best.
                answered.Clear();
            }

            answered.IntersectWith(mine.Notes);
            underWay = AwayCodec.Pages(mine.Notes.Where(n => !answered.Contains(n))).First();
            return mine with { Notes = underWay, Page = ++page };
        }
    }

    // A word may be too much for one request: then it goes in pages, each with how this site stands.
    private async Task TellAsync(PeerWord word, Action<PeerWord> heard, CancellationToken cancel)
    {
        try
        {
            told.IntersectWith(word.Notes);
            foreach (var notes in AwayCodec.Pages(word.Notes.Where(n => !told.Contains(n)).ToList()))
            {
                var answer = await link.HearAsync(word with { Notes = notes, Seen = seen }, cancel);
                seen = answer.Page;
                heard(answer);
                told.UnionWith(notes);
            }

            Say(null);
        }
        catch (SiteLinkException broken)
        {
            Say(broken.Message);
        }
    }

    private void Say(string? why)
    {
        if (failing == why is not null)
        {
            return;
        }

        failing = why is not null;
        if (why is null)
        {
            AwayLog.PeerHeard(log, site, plan.Name);
        }
        else
        {
            AwayLog.PeerLost(log, site, plan.Name, why);
        }
    }
}
