using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Specs;

/// <summary>
/// Keeps what is agreed: takes valid specifications as editions under the policy <c>approval: file</c> (the file's owner approves by
/// writing it), gives items their ids, and holds the running plan. Anything wrong in any file, and nothing changes.
/// </summary>
/// <param name="db">The desk's database.</param>
/// <param name="providerSites">All sites that the provider has.</param>
/// <param name="deskHasMailbox">Whether the desk has a mailbox of its own; a specification that writes to it otherwise is warned about.</param>
internal sealed class EditionDesk(Db db, IReadOnlyList<SiteName> providerSites, bool deskHasMailbox = true)
{
    internal const string FileOwner = "file owner";

    private static readonly Scope All = Scope.Across("editions");

    private readonly EditionStore store = new();
    private readonly Lock gate = new();

    /// <summary>The plan that runs; swapped whole.</summary>
    internal DeskPlan Running { get; private set; } = DeskPlan.Empty;

    /// <summary>Reads the files and, if all of them are right, takes them in one transaction.</summary>
    internal SpecReload Load(IReadOnlyList<string> paths, Moment now)
    {
        lock (gate)
        {
            var reading = SpecReader.Read(paths, new SpecOptions(providerSites, deskHasMailbox));
            return reading.HasErrors
                ? SpecReload.Refused(Running, reading.Problems)
                : Take(reading, now, withdrawFrom: paths.Count == 0 ? "" : paths[0]);
        }
    }

    /// <summary>
    /// The last agreed plan, rebuilt from the editions' own texts: for a start whose files are missing or wrong. Accepted is false
    /// if a text that was right once is not any more for this program; its customer is then missing from the plan.
    /// </summary>
    internal SpecReload LoadAgreed(Moment now)
    {
        lock (gate)
        {
            var texts = db.Read(tx => store.InForce(tx, All).Select(e => store.Sources(tx, Scope.Of(e.Customer), e.Customer, e.Serial)!).ToList());
            var readings = texts.Select(t => SpecReader.ReadFiles(t, SpecOptions.AnySite with { DeskHasMailbox = deskHasMailbox })).ToList();
            var right = readings.Where(r => !r.HasErrors).SelectMany(r => r.Customers).ToList();
            var problems = readings.SelectMany(r => r.Problems).ToList();
            return Take(new SpecReading(right, problems), now, withdrawFrom: null) with { Accepted = readings.TrueForAll(r => !r.HasErrors) };
        }
    }

    private SpecReload Take(SpecReading reading, Moment now, string? withdrawFrom)
    {
        var before = Running;
        var (plan, notes, changes) = db.Write(tx => new EditionTaking(store, tx, providerSites, before, now.Utc).Take(reading.Customers, withdrawFrom));
        Running = plan;
        var problems = reading.Problems.Concat(notes).ToList();
        return new SpecReload(true, plan, before, problems, changes);
    }
}
