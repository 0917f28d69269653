using Hinoban.Basics;

namespace Hinoban.Server.Options;

/// <summary>How a setting is written.</summary>
internal enum SettingShape
{
    /// <summary>One value.</summary>
    One,

    /// <summary>File or folder names; in a variable separated by colons.</summary>
    Paths,

    /// <summary>Names; in a variable or flag separated by commas.</summary>
    Names,

    /// <summary>A secret: from a variable only, so that it stands in no process list and no file that is passed around.</summary>
    Secret,
}

/// <summary>One thing that can be set: its key in <c>hinoban.yaml</c>, and from it the variable's and the flag's name.</summary>
internal sealed record Setting(string Key, SettingShape Shape, string Default, Text What)
{
    /// <summary><c>mail.give_up_after</c> → <c>HINOBAN_MAIL_GIVE_UP_AFTER</c>.</summary>
    internal string Variable => "HINOBAN_" + Key.Replace('.', '_').ToUpperInvariant();

    /// <summary>Only the settings named on the command line have a flag.</summary>
    internal string Flag => "--" + Key;

    internal bool InFile => Shape != SettingShape.Secret;
}

/// <summary>The whole table of settings; the reader, the flags and the reference page are made from it.</summary>
internal static class Settings
{
    internal static readonly Setting Config = new("config", SettingShape.One, "", OptionText.Config);
    internal static readonly Setting Data = new("data", SettingShape.One, "", OptionText.Data);
    internal static readonly Setting Specs = new("specs", SettingShape.Paths, "", OptionText.Specs);
    internal static readonly Setting Listen = new("listen", SettingShape.One, "http://127.0.0.1:8080", OptionText.Listen);
    internal static readonly Setting TrustedProxies = new("trusted_proxies", SettingShape.Names, "", OptionText.TrustedProxies);
    internal static readonly Setting Smtp = new("smtp", SettingShape.One, "127.0.0.1:25", OptionText.Smtp);
    internal static readonly Setting Sites = new("sites", SettingShape.Names, "tokyo, osaka", OptionText.Sites);
    internal static readonly Setting Language = new("language", SettingShape.One, "ja", OptionText.Language);
    internal static readonly Setting TimeZone = new("time_zone", SettingShape.One, "Asia/Tokyo", OptionText.TimeZone);
    internal static readonly Setting Log = new("log", SettingShape.One, "line", OptionText.Log);
    internal static readonly Setting Name = new("name", SettingShape.One, "", OptionText.Name);
    internal static readonly Setting Desk = new("desk", SettingShape.Names, "", OptionText.Desk);
    internal static readonly Setting Key = new("key", SettingShape.One, "", OptionText.Key);
    internal static readonly Setting Anchors = new("anchors", SettingShape.Names, "", OptionText.Anchors);
    internal static readonly Setting AnchorQuorum = new("anchor_quorum", SettingShape.One, "", OptionText.AnchorQuorum);
    internal static readonly Setting Carriers = new("carriers", SettingShape.Names, "", OptionText.Carriers);
    internal static readonly Setting Peers = new("peers", SettingShape.Names, "", OptionText.Peers);
    internal static readonly Setting PeerListen = new("peer_listen", SettingShape.One, "", OptionText.PeerListen);
    internal static readonly Setting HeartbeatUrl = new("heartbeat.url", SettingShape.One, "", OptionText.HeartbeatUrl);
    internal static readonly Setting HeartbeatMethod = new("heartbeat.method", SettingShape.One, "get", OptionText.HeartbeatMethod);
    internal static readonly Setting Database = new("database", SettingShape.One, "", OptionText.Database);
    internal static readonly Setting DatabaseFile = new("database_file", SettingShape.One, "", OptionText.DatabaseFile);
    internal static readonly Setting Nodes = new("nodes", SettingShape.One, "1", OptionText.Nodes);
    internal static readonly Setting NodeName = new("node.name", SettingShape.One, "", OptionText.NodeName);
    internal static readonly Setting NodeUrl = new("node.url", SettingShape.One, "", OptionText.NodeUrl);
    internal static readonly Setting ProviderJa = new("provider.name.ja", SettingShape.One, "火の番", OptionText.Provider);
    internal static readonly Setting ProviderEn = new("provider.name.en", SettingShape.One, "Hinoban", OptionText.Provider);
    internal static readonly Setting TlsCertificate = new("tls.certificate", SettingShape.One, "", OptionText.TlsCertificate);
    internal static readonly Setting TlsKey = new("tls.key", SettingShape.One, "", OptionText.TlsKey);
    internal static readonly Setting MailTls = new("mail.tls", SettingShape.One, "if-offered", OptionText.MailTls);
    internal static readonly Setting MailUser = new("mail.user", SettingShape.One, "", OptionText.MailUser);
    internal static readonly Setting MailPassword = new("mail.password", SettingShape.Secret, "", OptionText.MailPassword);
    internal static readonly Setting MailPasswordFile = new("mail.password_file", SettingShape.One, "", OptionText.MailPasswordFile);
    internal static readonly Setting MailCaFile = new("mail.ca_file", SettingShape.One, "", OptionText.MailCaFile);
    internal static readonly Setting MailDomain = new("mail.domain", SettingShape.One, "", OptionText.MailDomain);
    internal static readonly Setting MailDeskMailbox = new("mail.desk_mailbox", SettingShape.One, "", OptionText.MailDeskMailbox);
    internal static readonly Setting MailDeskNameJa = new("mail.desk_name.ja", SettingShape.One, "監視センター", OptionText.MailDeskName);
    internal static readonly Setting MailDeskNameEn = new("mail.desk_name.en", SettingShape.One, "Operations Desk", OptionText.MailDeskName);
    internal static readonly Setting MailRelayLog = new("mail.relay_log", SettingShape.One, "", OptionText.MailRelayLog);
    internal static readonly Setting MailGiveUpAfter = new("mail.give_up_after", SettingShape.One, "2d", OptionText.MailGiveUpAfter);
    internal static readonly Setting MailTimeout = new("mail.timeout", SettingShape.One, "30s", OptionText.MailTimeout);
    internal static readonly Setting SecondSmtp = new("mail.second.smtp", SettingShape.One, "", OptionText.SecondSmtp);
    internal static readonly Setting SecondTls = new("mail.second.tls", SettingShape.One, "if-offered", OptionText.MailTls);
    internal static readonly Setting SecondUser = new("mail.second.user", SettingShape.One, "", OptionText.MailUser);
    internal static readonly Setting SecondPasswordFile = new("mail.second.password_file", SettingShape.One, "", OptionText.MailPasswordFile);
    internal static readonly Setting SecondCaFile = new("mail.second.ca_file", SettingShape.One, "", OptionText.MailCaFile);
    internal static readonly Setting SecondRelayLog = new("mail.second.relay_log", SettingShape.One, "", OptionText.MailRelayLog);
    internal static readonly Setting SecondAfter = new("mail.second.after", SettingShape.One, "2m", OptionText.SecondAfter);
    internal static readonly Setting InboundListen = new("inbound.listen", SettingShape.One, "", OptionText.InboundListen);
    internal static readonly Setting InboundLargest = new("inbound.largest_message", SettingShape.One, "25MB", OptionText.InboundLargest);
    internal static readonly Setting InboundArrivalEvery = new("inbound.arrival_every", SettingShape.One, "3m", OptionText.InboundArrivalEvery);
    internal static readonly Setting InboundArrivalWithin = new("inbound.arrival_within", SettingShape.One, "60s", OptionText.InboundArrivalWithin);
    internal static readonly Setting InboundKeepPosts = new("inbound.keep_posts", SettingShape.One, "400d", OptionText.InboundKeepPosts);
    internal static readonly Setting InboundKeepOthers = new("inbound.keep_others", SettingShape.One, "30d", OptionText.InboundKeepOthers);
    internal static readonly Setting InboundArchiveLimit = new("inbound.archive_limit", SettingShape.One, "5GB", OptionText.InboundArchiveLimit);
    internal static readonly Setting SamplesKeepRaw = new("samples.keep_raw", SettingShape.One, "35d", OptionText.SamplesKeepRaw);
    internal static readonly Setting SamplesKeepHours = new("samples.keep_hours", SettingShape.One, "400d", OptionText.SamplesKeepHours);
    internal static readonly Setting SamplesKeepDays = new("samples.keep_days", SettingShape.One, "1830d", OptionText.SamplesKeepDays);
    internal static readonly Setting RemoteWriteUrl = new("remote_write.url", SettingShape.One, "", OptionText.RemoteWriteUrl);
    internal static readonly Setting RemoteWriteUser = new("remote_write.user", SettingShape.One, "", OptionText.RemoteWriteUser);
    internal static readonly Setting RemoteWritePasswordFile = new("remote_write.password_file", SettingShape.One, "", OptionText.RemoteWritePasswordFile);
    internal static readonly Setting RemoteWriteTokenFile = new("remote_write.token_file", SettingShape.One, "", OptionText.RemoteWriteTokenFile);
    internal static readonly Setting PluginFolders = new("plugins.folders", SettingShape.Paths, "/usr/lib/nagios/plugins", OptionText.PluginFolders);
    internal static readonly Setting PluginUser = new("plugins.user", SettingShape.One, "", OptionText.PluginUser);
    internal static readonly Setting SshIdentity = new("ssh.identity", SettingShape.One, "", OptionText.SshIdentity);
    internal static readonly Setting SshProgram = new("ssh.program", SettingShape.One, "/usr/bin/ssh", OptionText.SshProgram);
    internal static readonly Setting SshConnectTimeout = new("ssh.connect_timeout", SettingShape.One, "10s", OptionText.SshConnectTimeout);

    internal static readonly IReadOnlyList<Setting> All =
    [
        Data, Specs, Listen, TrustedProxies, Smtp, Sites, Language, TimeZone, Log, Name, Desk, Key, Anchors, AnchorQuorum, Carriers, Peers, PeerListen, HeartbeatUrl, HeartbeatMethod,
        Database, DatabaseFile, Nodes, NodeName, NodeUrl, ProviderJa, ProviderEn, TlsCertificate, TlsKey, MailTls, MailUser, MailPassword, MailPasswordFile, MailCaFile, MailDomain, MailDeskMailbox, MailDeskNameJa, MailDeskNameEn,
        MailRelayLog, MailGiveUpAfter, MailTimeout, SecondSmtp, SecondTls, SecondUser, SecondPasswordFile, SecondCaFile, SecondRelayLog, SecondAfter,
        InboundListen, InboundLargest, InboundArrivalEvery, InboundArrivalWithin, InboundKeepPosts, InboundKeepOthers, InboundArchiveLimit,
        SamplesKeepRaw, SamplesKeepHours, SamplesKeepDays, RemoteWriteUrl, RemoteWriteUser, RemoteWritePasswordFile, RemoteWriteTokenFile, PluginFolders, PluginUser, SshIdentity, SshProgram, SshConnectTimeout,
    ];

    /// <summary>What a role's command line offers; the rest stands in the file or in variables.</summary>
    internal static IReadOnlyList<Setting> FlagsOf(ServerRole role) => role switch
    {
        ServerRole.Up => [Data, Specs, Listen, Smtp, Sites, Config, Language, Log],
        ServerRole.Desk => [Data, Specs, Listen, Smtp, Sites, Config, Language, Log],
        ServerRole.Site => [Name, Desk, Key, Data, Config, Language, Log],
    };
}
