using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Specs;

namespace Hinoban.Lab.Story;

/// <summary>What an outside watcher of the company is told, at the instant it happens.</summary>
internal sealed record StoryWatch
{
    /// <summary>A site begins a look.</summary>
    internal Action<SiteName, ItemPlan> Looking { get; init; } = (_, _) => { };

    /// <summary>The desk shows another verdict on an item.</summary>
    internal Action<ItemEntry> Judged { get; init; } = _ => { };

    /// <summary>An incident has a further event (counted from 0).</summary>
    internal Action<IncidentId, int, IncidentEvent> Happened { get; init; } = (_, _, _) => { };

    /// <summary>The relay took a mail.</summary>
    internal Action<MailEnvelope> Mailed { get; init; } = _ => { };
}
