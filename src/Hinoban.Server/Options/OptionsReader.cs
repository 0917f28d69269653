using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Notifying;
using Hinoban.Responding;
using Hinoban.Specs;

namespace Hinoban.Server.Options;

/// <summary>Makes <see cref="ServerOptions"/> from the sources, or names every problem at once.</summary>
internal sealed class OptionsReader
{
    private readonly ServerRole role;
    private readonly SettingSources sources;
    private readonly SettingValues values;
    private readonly WatchSettings watch;
    private readonly MailSettings mail;
    private readonly SampleSettings samples;

    private OptionsReader(ServerRole role, SettingSources sources, List<OptionProblem> problems, List<OptionProblem> notes)
    {
        (this.role, this.sources, values) = (role, sources, new SettingValues(role, sources, problems));
        watch = new WatchSettings(values, sources, notes);
        mail = new MailSettings(values, sources);
        samples = new SampleSettings(values, sources, notes);
    }

    /// <summary>Options or problems, never both.</summary>
    internal static (ServerOptions? Options, IReadOnlyList<OptionProblem> Problems) Read(ServerRole role, SettingSources sources)
    {
        var (problems, notes) = sources.Load();
        var reader = new OptionsReader(role, sources, problems, notes);
        var options = reader.Options() with { Notes = notes };
        if (options.Desk is { Mail.Domain: var domain } && sources.Of(Settings.MailDomain) is null && !domain.Contains('.', StringComparison.Ordinal))
        {
            notes.Add(new OptionProblem(Settings.MailDomain.Key, OptionText.NoMailDomain(domain), OptionText.NoMailDomainRight));
        }

        return problems.Count == 0 ? (options, []) : (null, [.. problems.Distinct()]);
    }

    private ServerOptions Options()
    {
        var data = values.Required(Settings.Data) is { } given ? Path.GetFullPath(given.Values[0], given.Folder) : "";
        if (data.Length > 0 && File.Exists(data))
        {
            values.Wrong(Settings.Data, OptionText.NotAFolder, Text.Same(data));
        }

        var desk = role == ServerRole.Site ? null : Desk();
        if (desk is not null && Outward())
        {
            watch.NoteUnwatched(desk, apart: role == ServerRole.Desk);
        }

        return new ServerOptions(
            role,
            data,
            values.OneOf(Settings.Language, ("ja", Language.Ja), ("en", Language.En)),
            values.OneOf(Settings.Log, ("line", LogFormat.Line), ("json", LogFormat.Json)),
            new PluginOptions(values.Paths(Settings.PluginFolders), values.Optional(Settings.PluginUser)),
            desk,
            role == ServerRole.Site ? Site() : null)
        {
            Ssh = new ShellOptions(
                values.Program(Settings.SshProgram),
                values.ExistingFile(Settings.SshIdentity) ?? Present(Path.Combine(data, "ssh", "id_ed25519")),
                Path.Combine(data, "ssh"),
                values.Duration(Settings.SshConnectTimeout)),
            Anchors = role == ServerRole.Desk ? AnchorPlan.None : watch.Anchors(Outward(), OwnCarriers(desk)),
        };
    }

    private IReadOnlyCollection<string> OwnCarriers(DeskRoleOptions? desk) => desk is not null
        ? [.. desk.Carriers.Values]
        : watch.OwnCarrier(values.Optional(Settings.Name) ?? "") is { } carrier ? [carrier] : [];

    // On loopback alone there is no way out that could break.
    private bool Outward() => role == ServerRole.Site
        ? values.Urls(Settings.Desk, OptionText.DeskRight).Any(desk => !desk.IsLoopback)
        : !values.Url(Settings.Listen, OptionText.ListenRight).IsLoopback;

    private SiteRoleOptions Site() => new(
        values.Required(Settings.Name) is null ? default : values.Names(Settings.Name).Select(n => new SiteName(n)).FirstOrDefault(),
        values.Urls(Settings.Desk, OptionText.DeskRight),
        values.Required(Settings.Key) is null ? "" : values.ExistingFile(Settings.Key) ?? "")
    {
        Listen = values.Optional(Settings.PeerListen) is { } listen ? PeerListen(listen) : null,

        // Only where a relay is named: a default relay on this machine would mostly be none.
        Mail = sources.Of(Settings.Smtp) is null ? null : Mail(),
    };

    private ListenOptions PeerListen(string word)
    {
        if (WatchSettings.PeerUrl(word) is { } url)
        {
            var (certificate, key) = Pair();
            return new ListenOptions(url.IdnHost, url.Port, Tls: true, certificate, key);
        }

        values.Wrong(Settings.PeerListen, OptionText.NotAUrl, OptionText.PeerListenRight);
        return new ListenOptions("127.0.0.1", 0, Tls: true, null, null);
    }

    private DeskRoleOptions Desk() => Desk([.. values.Names(Settings.Sites).Select(n => new SiteName(n))]);

    private DeskRoleOptions Desk(IReadOnlyList<SiteName> sites) => new(
        Listen(),
        new Text(values.Word(Settings.ProviderJa), values.Word(Settings.ProviderEn)),
        values.Required(Settings.Specs) is null ? [] : values.ExistingPaths(Settings.Specs),
        sites,
        Mail())
    {
        TrustedProxies = values.IpAddresses(Settings.TrustedProxies),
        Zone = values.Zone(Settings.TimeZone),
        Carriers = watch.Carriers(sites),
        Peers = watch.Peers(sites),
        Heartbeat = watch.Heartbeat(),
        Samples = samples.Terms(),
        RemoteWrite = samples.RemoteWrite(),
        Database = new DatabaseSettings(values, sources).Read(role),
        Inbound = mail.Inbound(),
    };

    private ListenOptions Listen()
    {
        var url = values.Url(Settings.Listen, OptionText.ListenRight);
        if (url.AbsolutePath != "/")
        {
            values.Wrong(Settings.Listen, OptionText.NotAUrl, OptionText.ListenRight);
        }

        var (certificate, key) = Pair();
        return new ListenOptions(url.IdnHost, url.Port, url.Scheme == Uri.UriSchemeHttps, certificate, key);
    }

    private (string? Certificate, string? Key) Pair()
    {
        var certificate = values.ExistingFile(Settings.TlsCertificate);
        var key = values.ExistingFile(Settings.TlsKey);
        if (sources.Of(Settings.TlsCertificate) is null != (sources.Of(Settings.TlsKey) is null))
        {
            values.Wrong(sources.Of(Settings.TlsKey) is null ? Settings.TlsCertificate : Settings.TlsKey, OptionText.PairMissing, OptionText.PairRight);
        }

        return (certificate, key);
    }

    private MailOptions Mail()
    {
        var (host, port) = values.HostPort(Settings.Smtp);
        var user = values.Optional(Settings.MailUser);
        var first = new MailOptions(
            host,
            port,
            values.OneOf(
                Settings.MailTls,
                ("none", SmtpTls.None), ("if-offered", SmtpTls.IfOffered), ("starttls", SmtpTls.StartTls), ("implicit", SmtpTls.Implicit)),
            user,
            Password(user),
            values.Domain(Settings.MailDomain) ?? Environment.MachineName.ToLowerInvariant(),
            values.Address(Settings.MailDeskMailbox),
            new Text(values.Word(Settings.MailDeskNameJa), values.Word(Settings.MailDeskNameEn)),
            values.PathOf(Settings.MailRelayLog),
            values.Duration(Settings.MailGiveUpAfter),
            values.Duration(Settings.MailTimeout),
            values.ExistingFile(Settings.MailCaFile));
        return first with { Second = mail.Second(first), SecondAfter = mail.SecondAfter() };
    }

    private Redacted? Password(string? user)
    {
        var direct = values.Optional(Settings.MailPassword);
        var file = values.ExistingFile(Settings.MailPasswordFile);
        if (direct is not null && file is not null)
        {
            values.Wrong(Settings.MailPasswordFile, OptionText.PasswordTwice, OptionText.SecretRight);
        }

        if (user is not null && direct is null && sources.Of(Settings.MailPasswordFile) is null)
        {
            values.Wrong(Settings.MailUser, OptionText.PasswordMissing, OptionText.SecretRight);
        }

        // One trailing line break is the editor's, not the password's.
        var secret = direct ?? (file is null ? null : File.ReadAllText(file).TrimEnd('\n').TrimEnd('\r'));
        return secret is null ? null : new Redacted(secret);
    }

    private static string? Present(string path) => File.Exists(path) ? path : null;
}
