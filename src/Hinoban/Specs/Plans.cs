using System.Collections.Frozen;
using System.Text.Json.Serialization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What all agreed editions together ask for. Immutable, swapped whole on reload; <see cref="Revision"/> grows with every change.</summary>
internal sealed class DeskPlan(int revision, IReadOnlyList<CustomerPlan> customers)
{
    private readonly FrozenDictionary<ItemId, ItemPlan> items =
        customers.SelectMany(c => c.Items).ToFrozenDictionary(i => i.Id);

    private readonly FrozenDictionary<CustomerId, CustomerPlan> byCustomer = customers.ToFrozenDictionary(c => c.Id);

    internal static DeskPlan Empty { get; } = new(0, []);

    internal int Revision { get; } = revision;

    internal IReadOnlyList<CustomerPlan> Customers { get; } = customers;

    internal IEnumerable<ItemPlan> Items => items.Values;

    internal ItemPlan? Item(ItemId id) => items.GetValueOrDefault(id);

    internal CustomerPlan? Customer(CustomerId id) => byCustomer.GetValueOrDefault(id);
}

/// <summary>One customer's agreed edition, every default filled in.</summary>
internal sealed record CustomerPlan(
    CustomerId Id,
    Text Name,
    string Contract,
    Language Language,
    string TimeZone,
    int Edition,
    string Hash,
    MailingListPlan MailingList,
    IReadOnlyList<ContactPlan> Contacts,
    IReadOnlyList<SiteName> Sites,
    IReadOnlyList<HostPlan> Hosts,
    IReadOnlyList<RunbookPlan> Runbooks,
    TimeSpan StartWithin)
{
    /// <summary>The silences of the agreed edition.</summary>
    internal IReadOnlyList<SilencePlan> Silences { get; init; } = [];

    internal IReadOnlyList<VendorPlan> Vendors { get; init; } = [];

    /// <summary>Hosts that fail together for one cause are one incident (アラート集約).</summary>
    internal bool Grouped { get; init; } = true;

    /// <summary>Host checks and services of all hosts.</summary>
    internal IEnumerable<ItemPlan> Items => Hosts.SelectMany(h => h.All);

    internal HostPlan? Host(string key) => Hosts.FirstOrDefault(h => h.Key == key);

    internal RunbookPlan? Runbook(string key) => Runbooks.FirstOrDefault(r => r.Key == key);

    /// <summary>The provider itself, built in: no customer of anybody.</summary>
    internal bool IsProvider => Id == ProviderPlan.Customer;

    internal TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}

/// <summary>The provider-made mailing list (R37): its address and who is on it.</summary>
internal sealed record MailingListPlan(string Address, string Charset, IReadOnlyList<MemberPlan> Members)
{
    /// <summary>Stands in where the list cannot be read, so that the rest of the specification still can.</summary>
    internal static MailingListPlan Nobody { get; } = new("", SpecDefaults.Charset, []);
}

/// <summary>A list member. <see cref="Mail"/> is empty for the desk itself, whose mailbox the provider's options name.</summary>
internal sealed record MemberPlan(string Name, string Mail, bool Instructor, bool Desk);

/// <summary>A row of the contact list (連絡先), in calling order.</summary>
internal sealed record ContactPlan(string Name, IReadOnlyList<string> Phones, string Hours, bool Instructor);

/// <summary>What kind of machine a host is; decides how it is rebooted.</summary>
internal enum MachineKind
{
    /// <summary>A cloud instance.</summary>
    Cloud,

    /// <summary>A virtual machine.</summary>
    Virtual,

    /// <summary>A physical server in a datacentre.</summary>
    Physical,
}

/// <summary>How many of a host's parents must work for it to be reached.</summary>
internal enum ParentsNeeded : byte
{
    /// <summary>Any one of them is enough: the host is cut off when all are down (Nagios).</summary>
    Any,

    /// <summary>All of them: one that is down cuts the host off.</summary>
    All,
}

/// <summary>A host: its host check (<see cref="Alive"/>; null where the spec says <c>alive: none</c>) and its services.</summary>
internal sealed record HostPlan(
    string Key,
    Text Name,
    string Address,
    MachineKind Machine,
    IReadOnlyList<string> Parents,
    SshPlan? Ssh,
    ItemPlan? Alive,
    IReadOnlyList<ItemPlan> Services)
{
    internal ParentsNeeded Needed { get; init; }

    internal DatacentrePlan? Datacentre { get; init; }

    /// <summary>Where it is looked at from inside.</summary>
    internal InsideDoors Doors { get; init; } = InsideDoors.Usual;

    internal IEnumerable<ItemPlan> All => Alive is null ? Services : Services.Prepend(Alive);
}

/// <summary>How the desk logs in for first response: user, port, and the pinned host keys (<c>ssh-ed25519 AAAA…</c>).</summary>
internal sealed record SshPlan(string User, int Port, IReadOnlyList<string> HostKeys);

/// <summary>
/// One watched item with everything a site needs to look at it. <see cref="Service"/> is empty for the host check.
/// Attempts and retry as in Nagios: looks until hard, counting the first, and the pace between them.
/// </summary>
internal sealed record ItemPlan(
    ItemId Id,
    CustomerId Customer,
    string Host,
    string Service,
    string Address,
    LookPlan Look,
    TimeSpan Interval,
    TimeSpan Timeout,
    int Attempts,
    TimeSpan Retry,
    IReadOnlyList<SiteName> Sites,
    string? Runbook,
    int Edition,
    int Revision)
{
    /// <summary>When it counts as flapping; null: never. The desk's business, not sent to sites.</summary>
    internal FlapPlan? Flapping { get; init; } = FlapPlan.Usual;

    /// <summary>Of a passive item: within what time of the last result another must come; null: sites look at it.</summary>
    internal TimeSpan? Freshness => (Look as PassiveLookPlan)?.Freshness;

    /// <summary>Nobody looks at it: results are posted.</summary>
    internal bool IsPassive => Look is PassiveLookPlan;

    /// <summary>What it needs besides its host; null: nothing. The desk's business, not sent to sites.</summary>
    internal DependsPlan? DependsOn { get; init; }

    internal bool IsHostCheck => Service.Length == 0;

    /// <summary><c>web01/http</c>, or <c>web01</c> for the host check.</summary>
    internal string Title => IsHostCheck ? Host : $"{Host}/{Service}";

    /// <summary>The time-out of a look that confirms a failure (retry, check-now).</summary>
    internal TimeSpan Confirmation => ConfirmationOf(Timeout, LongestAnswer);

    /// <summary>
    /// The larger of 5 s and the critical time + 2 s, never above the item's time-out: above the critical time, so that a slow target is not
    /// mistaken for a broken path (architecture §1a).
    /// </summary>
    internal static TimeSpan ConfirmationOf(TimeSpan timeout, TimeSpan? critical)
    {
        var wanted = TimeSpan.FromSeconds(Math.Max(5, (critical?.TotalSeconds ?? 0) + (critical is null ? 0 : 2)));
        return wanted < timeout ? wanted : timeout;
    }

    /// <summary>
    /// What a confirming look has to outwait: the critical time or, where an agent waits for something else and says that it is silent, all the time that the
    /// agent is given. Else "the database does not answer" would become "the agent does not answer". Null: nothing.
    /// </summary>
    internal TimeSpan? LongestAnswer => Look is InsideLookPlan { IsQuick: false } ? Timeout : CriticalTime;

    /// <summary>The critical time of the look; null where it has none.</summary>
    internal TimeSpan? CriticalTime => Look switch
    {
        HttpLookPlan http => http.Crit,
        TcpLookPlan tcp => tcp.Crit,
        PingLookPlan ping => ping.CritRtt,
        ServiceLookPlan service => service.Crit,
        UdpLookPlan udp => udp.Crit,
        DnsLookPlan dns => dns.Crit,
        InsideTcpLookPlan inside => inside.Crit,
        DatabaseLookPlan database => database.Crit,
        _ => null,
    };
}

/// <summary>How to look: one record per check kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PingLookPlan), "ping")]
[JsonDerivedType(typeof(HttpLookPlan), "http")]
[JsonDerivedType(typeof(TcpLookPlan), "tcp")]
[JsonDerivedType(typeof(ServiceLookPlan), "service")]
[JsonDerivedType(typeof(UdpLookPlan), "udp")]
[JsonDerivedType(typeof(DnsLookPlan), "dns")]
[JsonDerivedType(typeof(PluginLookPlan), "plugin")]
[JsonDerivedType(typeof(PassiveLookPlan), PassiveLookPlan.Word)]
[JsonDerivedType(typeof(OwnLookPlan), "own")]
[JsonDerivedType(typeof(LoadLookPlan), "load")]
[JsonDerivedType(typeof(SwapLookPlan), "swap")]
[JsonDerivedType(typeof(DiskLookPlan), "disk")]
[JsonDerivedType(typeof(CountLookPlan), "count")]
[JsonDerivedType(typeof(InsidePluginLookPlan), "inside-plugin")]
[JsonDerivedType(typeof(InsideTcpLookPlan), "inside-tcp")]
[JsonDerivedType(typeof(DatabaseLookPlan), "database")]
[JsonDerivedType(typeof(LogLookPlan), LogLookPlan.Word)]
internal abstract record LookPlan
{
    /// <summary>The word used in specifications (<c>ping</c>, <c>http</c>, …).</summary>
    [JsonIgnore]
    internal abstract string Kind { get; }

    /// <summary>The thresholds as the mail prints them (<c>WARN 3 s / CRIT 8 s</c>); empty where there are none.</summary>
    [JsonIgnore]
    internal abstract string Thresholds { get; }
}

/// <summary>ICMP echo: <see cref="Packets"/> per look; round-trip and loss thresholds (percent).</summary>
internal sealed record PingLookPlan(int Packets, TimeSpan? WarnRtt, int? WarnLoss, TimeSpan? CritRtt, int CritLoss) : LookPlan
{
    internal override string Kind => "ping";

    internal override string Thresholds => string.Join(" / ", new[]
    {
        WarnRtt is null && WarnLoss is null ? "" : $"WARN {Words.Rtt(WarnRtt)}{Words.Loss(WarnLoss)}".TrimEnd(),
        $"CRIT {Words.Rtt(CritRtt)}{Words.Loss(CritLoss)}".TrimEnd(),
    }.Where(t => t.Length > 0));

    private static class Words
    {
        internal static string Rtt(TimeSpan? rtt) => rtt is { } r ? $"{r.TotalMilliseconds:0} ms " : "";

        internal static string Loss(int? loss) => loss is { } l ? $"{l}%" : "";
    }
}

/// <summary>
/// An HTTP request. <see cref="Port"/> is resolved (80/443); <see cref="HostName"/> is sent as Host header and SNI.
/// <see cref="Statuses"/> empty means: below 400 is right. Certificate days only with <see cref="Tls"/>.
/// <see cref="Size"/> is the range of right sizes of the body, in bytes.
/// </summary>
internal sealed record HttpLookPlan(
    bool Tls,
    int Port,
    string HostName,
    string Path,
    IReadOnlyList<int> Statuses,
    string? Contains,
    bool FollowRedirects,
    TimeSpan? Warn,
    TimeSpan? Crit,
    int? CertificateWarnDays,
    int? CertificateCritDays,
    bool VerifyCertificate,
    string? Size = null) : LookPlan
{
    internal override string Kind => Tls ? "https" : "http";

    internal override string Thresholds => string.Join(" / ", new[]
    {
        Warn is { } w ? $"WARN {w.TotalSeconds:0.###} s" : "",
        Crit is { } c ? $"CRIT {c.TotalSeconds:0.###} s" : "",
        Statuses.Count > 0 ? $"status {string.Join(",", Statuses)}" : "status < 400",
        Contains is null ? "" : $"contains \"{Contains}\"",
        CertificateCritDays is { } d ? $"certificate WARN {CertificateWarnDays ?? d} d, CRIT {d} d" : "",
        Size is null ? "" : $"size {Size}",
    }.Where(t => t.Length > 0));
}

/// <summary>A TCP connection: time to connect, and with <see cref="Talk"/> until what is expected has come.</summary>
internal sealed record TcpLookPlan(int Port, TimeSpan? Warn, TimeSpan? Crit, TalkPlan? Talk = null) : LookPlan
{
    internal override string Kind => "tcp";

    internal override string Thresholds => ServiceWords.Thresholds(Warn, Crit, ServiceWords.Expected(Talk?.Expect ?? []), Talk?.Tls.Words ?? "");
}

/// <summary>
/// A Nagios plugin: program (a bare name, found in the provider's plugin folders) and arguments with macros
/// (<c>$HOSTADDRESS$</c>, <c>$HOSTNAME$</c>, <c>$SERVICEDESC$</c>) not yet expanded.
/// <see cref="Answers"/>: the plugin's failures are the target's own answer, which a broken path cannot fake.
/// </summary>
internal sealed record PluginLookPlan(IReadOnlyList<string> Command, bool Answers) : LookPlan
{
    internal override string Kind => "plugin";

    internal override string Thresholds => string.Join(' ', Command);
}
