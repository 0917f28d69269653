using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>A source file of a specification as it was read; an accepted edition keeps it.</summary>
internal sealed record SpecFile(string Name, string Text);

/// <summary>
/// What one customer's files say, valid in itself, with places. What depends on the desk (item ids, the provider's sites,
/// the revision) is still open: <see cref="PlanBuilder"/> closes it. <see cref="Sites"/> null: all sites of the provider.
/// </summary>
internal sealed record CustomerSpec(
    CustomerId Id,
    SpecPlace At,
    Text Name,
    string Contract,
    Language Language,
    string TimeZone,
    int Edition,
    SpecPlace EditionAt,
    IReadOnlyList<SiteName>? Sites,
    MailingListPlan MailingList,
    SpecPlace MailingListAt,
    IReadOnlyList<ContactPlan> Contacts,
    IReadOnlyList<HostSpec> Hosts,
    IReadOnlyList<RunbookPlan> Runbooks,
    IReadOnlyList<SilencePlan> Silences,
    TimeSpan StartWithin,
    IReadOnlyList<SpecFile> Sources,
    string Hash)
{
    internal IReadOnlyList<VendorPlan> Vendors { get; init; } = [];

    internal bool Grouped { get; init; } = true;
}

/// <summary>A host as written. <see cref="Was"/>: names it had before, so that its items keep their ids.</summary>
internal sealed record HostSpec(
    string Key,
    SpecPlace At,
    IReadOnlyList<string> Was,
    Text Name,
    string Address,
    MachineKind Machine,
    IReadOnlyList<string> Parents,
    SshPlan? Ssh,
    CheckSpec? Alive,
    IReadOnlyList<CheckSpec> Services)
{
    internal ParentsNeeded Needed { get; init; }

    internal DatacentrePlan? Datacentre { get; init; }

    internal InsideDoors Doors { get; init; } = InsideDoors.Usual;

    internal IEnumerable<CheckSpec> All => Alive is null ? Services : Services.Prepend(Alive);
}

/// <summary>
/// A check as written, templates and defaults merged in. <see cref="Key"/> is empty for the host check. An HTTP look without
/// a host name, and a null address, mean the host's. Attempts and retry null: they follow from how many sites look.
/// </summary>
internal sealed record CheckSpec(
    string Key,
    IReadOnlyList<string> Was,
    LookPlan Look,
    string? Address,
    TimeSpan Interval,
    TimeSpan Timeout,
    int? Attempts,
    TimeSpan? Retry,
    IReadOnlyList<SiteName>? Sites,
    string? Runbook)
{
    internal FlapPlan? Flapping { get; init; } = FlapPlan.Usual;

    internal WrittenDepends? DependsOn { get; init; }

    /// <summary>Of a look from inside.</summary>
    internal WrittenInside? Inside { get; init; }
}

/// <summary>
/// What is known outside the files when they are read: the provider's sites (none: any site name is taken), and whether the desk has a
/// mailbox of its own.
/// </summary>
internal sealed record SpecOptions(IReadOnlyList<SiteName> Sites, bool DeskHasMailbox = true)
{
    internal static SpecOptions AnySite { get; } = new([]);
}

/// <summary>What reading gave: the customers that are valid in themselves, and every problem of all files.</summary>
internal sealed record SpecReading(IReadOnlyList<CustomerSpec> Customers, IReadOnlyList<Problem> Problems)
{
    internal bool HasErrors => Problems.Any(p => p.Level == ProblemLevel.Error);

    internal IEnumerable<Problem> Notes => Problems.Where(p => p.Level == ProblemLevel.Note);

    /// <summary>All site names that the specifications use, in order of appearance; empty if none names its sites.</summary>
    internal IReadOnlyList<SiteName> SiteNames =>
        [.. Customers.SelectMany(c => (c.Sites ?? []).Concat(c.Hosts.SelectMany(h => h.All).SelectMany(k => k.Sites ?? []))).Distinct()];
}
