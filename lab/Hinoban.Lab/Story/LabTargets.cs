using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Lab.Story;

/// <summary>
/// The world that the sites look at: everything is well but what is broken. <c>web1</c> is a whole host, <c>web1/http</c> one service of it,
/// <c>*</c> everything; a fault seen from one site only is one of that site's way.
/// </summary>
internal sealed class LabTargets
{
    private readonly Dictionary<(string What, SiteName? From), Fault> faults = [];
    private readonly HashSet<string> cutOff = [];

    internal LabLogs Logs { get; } = new();

    internal void Break(string what, Fault fault, SiteName? from = null) => faults[(what, from)] = fault;

    /// <summary>A host that can be reached no more, whatever it is itself: what is before it is down.</summary>
    internal void CutOff(string host, bool cut) => _ = cut ? cutOff.Add(host) : cutOff.Remove(host);

    /// <summary>From wherever one looks.</summary>
    internal bool IsBroken(ItemPlan item) => cutOff.Contains(item.Host) || faults.ContainsKey((item.Host, null)) || faults.ContainsKey((item.Title, null));

    /// <summary>False if it was not broken.</summary>
    internal bool Mend(string what, SiteName? from = null) => faults.Remove((what, from));

    internal (TimeSpan Took, LookAnswer Answer) Find(SiteName site, ItemPlan item) =>
        cutOff.Count > 0 && cutOff.Contains(item.Host) ? Fault.BlackHole.Meets(item)!.Value
        : faults.Count == 0 ? Fault.Nothing(item)
        : Met(site, item) ?? Met(null, item) ?? Fault.Nothing(item);

    private (TimeSpan Took, LookAnswer Answer)? Met(SiteName? from, ItemPlan item) =>
        Of("*", from)?.Meets(item) ?? Of(item.Host, from)?.Meets(item) ?? Of(item.Title, from)?.Meets(item);

    private Fault? Of(string what, SiteName? from) => faults.GetValueOrDefault((what, from));
}
