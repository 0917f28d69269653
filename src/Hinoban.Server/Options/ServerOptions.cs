using System.Net;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Server.Options;

/// <summary>What a process of Hinoban is.</summary>
internal enum ServerRole
{
    /// <summary>Desk and sites in one process.</summary>
    Up,

    /// <summary>The desk alone; sites dial in.</summary>
    Desk,

    /// <summary>One site, dialling out to its desk.</summary>
    Site,
}

/// <summary>How log lines look.</summary>
internal enum LogFormat
{
    /// <summary>One readable line each.</summary>
    Line,

    /// <summary>One JSON object each.</summary>
    Json,
}

/// <summary>Everything a process was told, whole and right. Exactly one of <see cref="Desk"/> and <see cref="Site"/> is there.</summary>
internal sealed record ServerOptions(
    ServerRole Role,
    string Data,
    Language Language,
    LogFormat Log,
    PluginOptions Plugins,
    DeskRoleOptions? Desk,
    SiteRoleOptions? Site)
{
    /// <summary>What the reader found doubtful; the process starts all the same and logs them.</summary>
    internal IReadOnlyList<OptionProblem> Notes { get; init; } = [];

    /// <summary>The OpenSSH client of the desk for first response, and of sites for looks.</summary>
    internal required ShellOptions Ssh { get; init; }

    /// <summary>What this process's sites look at to know whether their own way out works.</summary>
    internal AnchorPlan Anchors { get; init; } = AnchorPlan.None;
}

/// <summary>What a desk needs besides. <see cref="Sites"/> are all the provider has; <c>hinoban up</c> runs them inside.</summary>
internal sealed record DeskRoleOptions(
    ListenOptions Listen,
    Text Provider,
    IReadOnlyList<string> Specs,
    IReadOnlyList<SiteName> Sites,
    MailOptions Mail)
{
    /// <summary>Who may say in a request's headers from whom it came and whether over TLS; nobody unless it is set.</summary>
    internal IReadOnlyList<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>In which pages show times to whoever has not chosen another zone.</summary>
    internal TimeZoneInfo Zone { get; init; } = TimeZoneInfo.FindSystemTimeZoneById(Settings.TimeZone.Default);

    /// <summary>Whose network each site goes out by; what is not written is not known.</summary>
    internal IReadOnlyDictionary<SiteName, string> Carriers { get; init; } = new Dictionary<SiteName, string>();

    /// <summary>Where the sites listen for each other; empty where they do not.</summary>
    internal IReadOnlyDictionary<SiteName, Uri> Peers { get; init; } = new Dictionary<SiteName, Uri>();

    /// <summary>The PostgreSQL database that is the desk's; null for the file in the data folder.</summary>
    internal DatabaseOptions? Database { get; init; }

    /// <summary>How mail comes in; null where none does.</summary>
    internal InboundOptions? Inbound { get; init; }

    /// <summary>Who is told each minute that the desk is well; null for nobody.</summary>
    internal HeartbeatOptions? Heartbeat { get; init; }

    /// <summary>How long samples are kept.</summary>
    internal SampleTerms Samples { get; init; } = SampleTerms.Usual;

    /// <summary>Who gets all samples; null for nobody.</summary>
    internal RemoteWriteOptions? RemoteWrite { get; init; }
}

/// <summary>A desk's database on a server. <see cref="Two"/>: this is one of two desk nodes that share it.</summary>
internal sealed record DatabaseOptions(PostgresPlace Place, string Node, string Url, bool Two);

/// <summary>What a site needs besides: its name, where its desk's nodes are, and the file with its private key.</summary>
internal sealed record SiteRoleOptions(SiteName Name, IReadOnlyList<Uri> Desks, string KeyFile)
{
    /// <summary>Where it listens for its peers; null for nowhere.</summary>
    internal ListenOptions? Listen { get; init; }

    /// <summary>How mail goes out from it while the desk is away; null: it never speaks.</summary>
    internal MailOptions? Mail { get; init; }
}

/// <summary>Where the desk listens. With TLS and no certificate the data folder's own self-signed one is used.</summary>
internal sealed record ListenOptions(string Host, int Port, bool Tls, string? Certificate, string? Key);

/// <summary>Something wrong in a setting: where it was given (<c>hinoban.yaml:3:9</c>, <c>HINOBAN_LISTEN</c>, <c>--listen</c>), what, and what would be right.</summary>
internal sealed record OptionProblem(string Where, Text Wrong, Text Right)
{
    internal string In(Language language) => $"{Where}: {Wrong.In(language)}{(Right.Ja.Length == 0 ? "" : language == Language.En ? ", " : "。")}{Right.In(language)}";
}
