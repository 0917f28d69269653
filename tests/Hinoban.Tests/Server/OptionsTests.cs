using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Server.Options;
using Hinoban.Specs;

namespace Hinoban.Tests.Server;

/// <summary>Settings from all three places: what they become, and every problem at once with its place.</summary>
public sealed partial class OptionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-options-").FullName;

    public OptionsTests()
    {
        File.WriteAllText(Path.Combine(folder, "spec.yaml"), "customer: x\n");
        File.WriteAllText(Path.Combine(folder, "site.key"), "key\n");
        File.WriteAllText(Path.Combine(folder, "secret"), "pass word\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void With_the_least_everything_else_has_a_default()
    {
        var options = Right(ServerRole.Up, "--data d --specs spec.yaml");
        var desk = options.Desk!;
        Assert.Equal((Path.Combine(folder, "d"), Language.Ja, LogFormat.Line), (options.Data, options.Language, options.Log));
        Assert.Equal(new ListenOptions("127.0.0.1", 8080, false, null, null), desk.Listen);
        Assert.Equal(["tokyo", "osaka"], desk.Sites.Select(s => s.Value));
        Assert.Equal([Path.Combine(folder, "spec.yaml")], desk.Specs);
        Assert.Equal(("127.0.0.1", 25, SmtpTls.IfOffered, null, null), (desk.Mail.Host, desk.Mail.Port, desk.Mail.Tls, desk.Mail.User, desk.Mail.Password));
        Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromSeconds(30)), (desk.Mail.GiveUpAfter, desk.Mail.Timeout));
        Assert.Equal(("/usr/bin/ssh", null, Path.Combine(folder, "d", "ssh")), (options.Ssh.Program, options.Ssh.IdentityFile, options.Ssh.Folder));
        Assert.Equal(["/usr/lib/nagios/plugins"], options.Plugins.Folders);
        Assert.Empty(desk.TrustedProxies);
        Assert.Null(options.Site);
    }

    [Fact]
    public void A_file_of_nothing_but_brackets_is_a_mistake_with_a_place() =>
        Assert.Contains(Wrong(ServerRole.Desk, "--data d --specs spec.yaml --config all.yaml", new string('[', 100_000)), p => p.Contains("all.yaml:1:23: nested deeper than 24 levels", StringComparison.Ordinal));

    [Fact]
    public void A_file_sets_everything()
    {
        var options = Right(ServerRole.Desk, "--config all.yaml", """
            data: d
            specs: [spec.yaml, .]
            trusted_proxies: [10.0.0.5, "2001:db8::5"]
            listen: https://[::1]:8443
            smtp: "[2001:db8::25]:587"
            sites: [nagoya]
            language: en
            log: json
            provider: { name: 保守会社 }
            mail:
              tls: starttls
              user: relay
              password_file: secret
              ca_file: site.key
              domain: mon.example.jp
              desk_mailbox: desk@example.jp
              desk_name: { ja: 監視室, en: Watch room }
              relay_log: /var/log/mail.log
              give_up_after: 12h
              timeout: 5m
            plugins: { folders: plugins, user: nobody }
            ssh: { identity: site.key, program: ssh, connect_timeout: 3s }
            """);
        var desk = options.Desk!;
        Assert.Equal((Path.Combine(folder, "d"), Language.En, LogFormat.Json), (options.Data, options.Language, options.Log));
        Assert.Equal(new ListenOptions("::1", 8443, true, null, null), desk.Listen);
        Assert.Equal([Path.Combine(folder, "spec.yaml"), folder], desk.Specs);
        Assert.Equal(["10.0.0.5", "2001:db8::5"], desk.TrustedProxies.Select(a => a.ToString()));
        Assert.Equal(["nagoya"], desk.Sites.Select(s => s.Value));
        Assert.Equal(("保守会社", "保守会社"), (desk.Provider.Ja, desk.Provider.En));
        Assert.Equal(("2001:db8::25", 587, SmtpTls.StartTls, "relay", "pass word"), (desk.Mail.Host, desk.Mail.Port, desk.Mail.Tls, desk.Mail.User, desk.Mail.Password!.Reveal()));
        Assert.Equal(("mon.example.jp", "desk@example.jp", "監視室", "Watch room", "/var/log/mail.log"), (desk.Mail.Domain, desk.Mail.DeskMailbox, desk.Mail.DeskName.Ja, desk.Mail.DeskName.En, desk.Mail.RelayLog));
        Assert.Equal(Path.Combine(folder, "site.key"), desk.Mail.CaFile);
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromMinutes(5)), (desk.Mail.GiveUpAfter, desk.Mail.Timeout));
        Assert.Equal([Path.Combine(folder, "plugins")], options.Plugins.Folders);
        Assert.Equal("nobody", options.Plugins.User);
        Assert.Equal((Path.Combine(folder, "site.key"), "ssh", TimeSpan.FromSeconds(3)), (options.Ssh.IdentityFile, options.Ssh.Program, options.Ssh.ConnectTimeout));
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        const string File = "data: d\nspecs: spec.yaml\nlanguage: ja\nlog: json\nsmtp: 192.0.2.1:25\nsites: [a, b]\n";
        var options = Right(ServerRole.Up, "--config all.yaml --language en", File, ("HINOBAN_LANGUAGE", "ja"), ("HINOBAN_SMTP", "192.0.2.2:26"), ("HINOBAN_SITES", "c, d"), ("HINOBAN_LOG", ""));
        Assert.Equal((Language.En, "192.0.2.2", LogFormat.Json), (options.Language, options.Desk!.Mail.Host, options.Log));
        Assert.Equal(["c", "d"], options.Desk.Sites.Select(s => s.Value));
    }

    [Fact]
    public void A_file_in_the_data_folder_is_found()
    {
        Directory.CreateDirectory(Path.Combine(folder, "d"));
        File.WriteAllText(Path.Combine(folder, "d", "hinoban.yaml"), "specs: ../spec.yaml\nlanguage: en\n");
        Assert.Equal(Language.En, Right(ServerRole.Up, "--data d").Language);
        File.WriteAllText(Path.Combine(folder, "d", "hinoban.yaml"), "specs: ../spec.yaml\ndata: elsewhere\n");
        Assert.Contains(Wrong(ServerRole.Up, "--data d"), p => p.Contains("hinoban.yaml:2:1: cannot be set in a file that was found in the data folder", StringComparison.Ordinal));
    }

    [Fact]
    public void A_site_needs_its_own_three()
    {
        var options = Right(ServerRole.Site, "--name tokyo --desk https://desk.example.jp:8443 --key site.key --data d");
        Assert.Equal((new SiteName("tokyo"), Path.Combine(folder, "site.key")), (options.Site!.Name, options.Site.KeyFile));
        Assert.Equal([new Uri("https://desk.example.jp:8443")], options.Site.Desks);
        Assert.Null(options.Desk);
        Assert.Equal(["data: this is not set", "name: this is not set", "desk: this is not set", "key: this is not set"], Wrong(ServerRole.Site, "").Select(p => p.Split(',')[0]));
    }

    [Fact]
    public void A_password_comes_from_the_environment_and_is_never_shown()
    {
        var mail = Right(ServerRole.Up, "--data d --specs spec.yaml", null, ("HINOBAN_MAIL_USER", "u"), ("HINOBAN_MAIL_PASSWORD", "hunter2hunter2")).Desk!.Mail;
        Assert.Equal("hunter2hunter2", mail.Password!.Reveal());
        Assert.DoesNotContain("hunter2", mail.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_its_place()
    {
        var problems = Wrong(ServerRole.Up, "--config all.yaml --listen ftp://x --smtp relay", """
            data: [a, b]
            specs: [spec.yaml, missing.yaml]
            language: fr
            lnguage: ja
            sites: [Tokyo]
            mail:
              tls: yes
              password: hunter2
              give_up_after: 2 days
              domain: -x
              desk_mailbox: desk
              tsl: none
            tls: { certificate: missing.pem }
            plugins: 7
            ssh: { program: /nonexistent/ssh }
            """, ("HINOBAN_LOG", "xml"), ("HINOBAN_MAIL_USER", "u"));
        Assert.Equal(
            [
                "--listen: this is not a URL, write http://ADDRESS:PORT or https://ADDRESS:PORT",
                "--smtp: this is not HOST:PORT, write HOST:PORT, such as 127.0.0.1:25",
                "HINOBAN_LOG: 'xml' is not possible, write one of line, json",
                "HINOBAN_MAIL_USER: mail.user is set without a password, use the variable HINOBAN_MAIL_PASSWORD or mail.password_file",
                "all.yaml:10:11: this is not a domain name, write it as mon.example.jp",
                "all.yaml:11:17: this is not a mail address, write it as desk@example.jp",
                "all.yaml:12:3: mail.tsl: there is no such setting, did you mean 'mail.tls'?",
                "all.yaml:13:21: certificate and key belong together, set both tls.certificate and tls.key, or neither",
                "all.yaml:13:21: this file does not exist, missing.pem",
                "all.yaml:14:10: plugins: there is no such setting",
                "all.yaml:15:17: this program does not exist, /nonexistent/ssh",
                "all.yaml:1:7: data: a value belongs here, not a nesting",
                "all.yaml:2:8: this is neither a file nor a folder, missing.yaml",
                "all.yaml:3:11: 'fr' is not possible, write one of ja, en",
                "all.yaml:4:1: lnguage: there is no such setting, did you mean 'language'?",
                "all.yaml:5:8: this cannot be used as a name, use at most 40 lower-case letters, digits and hyphens",
                "all.yaml:7:8: 'yes' is not possible, write one of none, if-offered, starttls, implicit",
                "all.yaml:8:3: a secret must not stand in this file, use the variable HINOBAN_MAIL_PASSWORD or mail.password_file",
                "all.yaml:9:18: this is not a duration, write it as 30s, 10m, 2h or 2d",
                "data: this is not set, set it by --data, HINOBAN_DATA, or data: in the configuration file",
            ],
            problems.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("x: [", "all.yaml:2:1: not readable as YAML")]
    [InlineData("- a\n", "all.yaml:1:1: not readable as YAML: Sequence")]
    [InlineData("data: a\ndata: b\n", "all.yaml:2:1: not readable as YAML")]
    [InlineData("mail: { tls: { x: 1 } }", "all.yaml:1:14: mail.tls: a value belongs here, not a nesting")]
    [InlineData("provider: hinoban", "all.yaml:1:11: provider: there is no such setting")]
    public void A_file_that_is_no_settings_is_told_where(string yaml, string problem) =>
        Assert.Contains(Wrong(ServerRole.Up, "--config all.yaml --specs spec.yaml --data d", yaml), p => p.StartsWith(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("--config missing.yaml --data d --specs spec.yaml", "the file cannot be read")]
    [InlineData("--data spec.yaml --specs spec.yaml", "cannot be used as a folder")]
    [InlineData("--data d --specs spec.yaml --listen http://127.0.0.1:8080/path", "not a URL")]
    [InlineData("--data d --specs spec.yaml --listen http://user:pw@127.0.0.1:8080", "not a URL")]
    [InlineData("--data d --specs spec.yaml --smtp 127.0.0.1:0", "not HOST:PORT")]
    [InlineData("--data d --specs spec.yaml --smtp 127.0.0.1:65536", "not HOST:PORT")]
    [InlineData("--data d --specs spec.yaml --smtp ::1:25", "not HOST:PORT")]
    [InlineData("--data d --specs spec.yaml --sites a,a", "the same name stands twice")]
    public void A_flag_that_is_not_right_is_told(string flags, string problem) =>
        Assert.Contains(problem, Assert.Single(Wrong(ServerRole.Up, flags)), StringComparison.Ordinal);

    [Theory]
    [InlineData("proxy.example.jp")]
    [InlineData("10.0.0.0/8")]
    [InlineData("10.5")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("[::1]")]
    [InlineData("*")]
    public void A_proxy_that_is_no_address_is_told_where(string proxy)
    {
        const string Right = "write each one as 10.0.0.5 or 2001:db8::5";
        Assert.Equal(
            $"all.yaml:1:18: '{proxy}' is not the IP address of a proxy, {Right}",
            Assert.Single(Wrong(ServerRole.Up, "--config all.yaml --data d --specs spec.yaml", $"trusted_proxies: [10.0.0.5, \"{proxy}\"]\n")));
        Assert.Equal(
            $"HINOBAN_TRUSTED_PROXIES: '{proxy}' is not the IP address of a proxy, {Right}",
            Assert.Single(Wrong(ServerRole.Up, "--data d --specs spec.yaml", null, ("HINOBAN_TRUSTED_PROXIES", $"10.0.0.5, {proxy}"))));
    }

    [Fact]
    public void A_variable_that_no_setting_uses_is_noted_and_nothing_more()
    {
        var options = Right(ServerRole.Up, "--data d --specs spec.yaml", null, ("HINOBAN_LISTN", "x"), ("HINOBAN_MAIL_DOMAIN", "mon.example.jp"));
        Assert.Equal("HINOBAN_LISTN: no setting uses this variable, did you mean 'HINOBAN_LISTEN'?", Assert.Single(options.Notes).In(Language.En));
    }

    [Fact]
    public void A_desk_that_would_write_mails_from_a_bare_machine_name_is_warned()
    {
        var machine = Environment.MachineName.ToLowerInvariant();
        var notes = Right(ServerRole.Desk, "--data d --specs spec.yaml").Notes.Select(n => n.In(Language.En)).ToList();
        if (machine.Contains('.', StringComparison.Ordinal))
        {
            Assert.Empty(notes);
        }
        else
        {
            Assert.StartsWith($"mail.domain: warning: not set, so Message-IDs and senders end in '@{machine}'", Assert.Single(notes), StringComparison.Ordinal);
        }

        Assert.Empty(Right(ServerRole.Desk, "--data d --specs spec.yaml", null, ("HINOBAN_MAIL_DOMAIN", "mon.example.jp")).Notes);
        Assert.Empty(Right(ServerRole.Site, "--name tokyo --desk http://127.0.0.1:9 --key site.key --data d").Notes);
    }

    [Fact]
    public void A_database_on_a_server_is_named_without_its_password()
    {
        var desk = Right(ServerRole.Desk, "--config all.yaml", "data: d\nspecs: spec.yaml\ndatabase: Host=db1,db2;Database=hinoban;Username=h\nnodes: 2\nnode: { name: east, url: 'https://east.example.jp:8443' }\n").Desk!;
        Assert.Equal(("hinoban@db1,db2", "east", "https://east.example.jp:8443/", true), (desk.Database!.Place.Name, desk.Database.Node, desk.Database.Url, desk.Database.Two));
        var secret = Right(ServerRole.Up, "--data d --specs spec.yaml", null, ("HINOBAN_DATABASE", "Host=db1;Database=hinoban;Password=hunter2"));
        Assert.DoesNotContain("hunter2", $"{secret} {secret.Desk!.Database} {secret.Desk.Database!.Place}", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "connection"), "Host=db1;Database=hinoban;Password=hunter2\n");
        Assert.NotNull(Right(ServerRole.Desk, "--config all.yaml", "data: d\nspecs: spec.yaml\ndatabase_file: connection\n").Desk!.Database);
        Assert.Null(Right(ServerRole.Desk, "--data d --specs spec.yaml").Desk!.Database);
    }

    [Theory]
    [InlineData("database: Host=db1;Database=hinoban;Password=hunter2", "all.yaml:3:11: a secret must not stand in this file, use the variable HINOBAN_DATABASE, database_file, or Passfile in the connection string")]
    [InlineData("database: hunter2", "all.yaml:3:11: this is not a PostgreSQL connection string, write it as Host=db.example.jp;Database=hinoban;Username=hinoban")]
    [InlineData("database: Prot=5;Host=hunter2", "all.yaml:3:11: this is not a PostgreSQL connection string, write it as Host=db.example.jp;Database=hinoban;Username=hinoban")]
    [InlineData("database: Host=db1;Password=hunter2", "all.yaml:3:11: the connection string lacks Host or Database, write it as Host=db.example.jp;Database=hinoban;Username=hinoban")]
    [InlineData("nodes: 2", "all.yaml:3:8: two desk nodes need PostgreSQL, set database or database_file")]
    [InlineData("nodes: 3", "all.yaml:3:8: '3' is not possible, write one of 1, 2")]
    public void What_is_wrong_with_the_database_is_said_and_shows_no_secret(string line, string problem)
    {
        var wrong = Wrong(ServerRole.Desk, "--config all.yaml", $"data: d\nspecs: spec.yaml\n{line}\n");
        Assert.Equal([problem], wrong);
        Assert.DoesNotContain(wrong, w => w.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_nodes_are_no_matter_of_up() => Assert.Contains(
        Wrong(ServerRole.Up, "--config all.yaml", "data: d\nspecs: spec.yaml\ndatabase: Host=db1;Database=hinoban\nnodes: 2\n"),
        p => p.Contains("two nodes are for 'hinoban desk'", StringComparison.Ordinal));

    [Fact]
    public void A_site_may_know_two_desks() => Assert.Equal(
        [new Uri("https://a.example.jp"), new Uri("https://b.example.jp")],
        Right(ServerRole.Site, "--config all.yaml", "name: tokyo\nkey: site.key\ndata: d\nanchors: [192.0.2.1]\ndesk: ['https://a.example.jp', 'https://b.example.jp']\n").Site!.Desks);

    [Fact]
    public void Samples_are_kept_and_sent_on_as_is_set()
    {
        var usual = Right(ServerRole.Desk, "--data d --specs spec.yaml").Desk!;
        Assert.Equal((TimeSpan.FromDays(35), TimeSpan.FromDays(400), TimeSpan.FromDays(1830), true), (usual.Samples.Raw, usual.Samples.Hours, usual.Samples.Days, usual.RemoteWrite is null));
        File.WriteAllText(Path.Combine(folder, "secret"), "hunter2\n");
        var set = Right(
            ServerRole.Desk, "--config all.yaml", "data: d\nspecs: spec.yaml\nsamples: { keep_raw: 7d, keep_hours: 7d, keep_days: 90d }\nremote_write: { url: 'https://p.example.jp/api/v1/write?tenant=a', user: h, password_file: secret }\n").Desk!;
        Assert.Equal((7, 7, 90), (set.Samples.Raw.Days, set.Samples.Hours.Days, set.Samples.Days.Days));
        Assert.Equal(("https://p.example.jp/api/v1/write?tenant=a", "h", "hunter2", null), (set.RemoteWrite!.Url.ToString(), set.RemoteWrite.User, set.RemoteWrite.Password!.Reveal(), set.RemoteWrite.Token));
        Assert.DoesNotContain("hunter2", $"{set.RemoteWrite}", StringComparison.Ordinal);
        Assert.Equal("hunter2", Right(ServerRole.Desk, "--config all.yaml", "data: d\nspecs: spec.yaml\nremote_write: { url: 'http://p:9090/api/v1/write', token_file: secret }\n").Desk!.RemoteWrite!.Token!.Reveal());
    }

    [Theory]
    [InlineData("url: 'http://p:9090/api/v1/write', token_file: secret", true)]
    [InlineData("url: 'http://p:9090/api/v1/write', user: h, password_file: secret", true)]
    [InlineData("url: 'http://p:9090/api/v1/write'", false)]
    [InlineData("url: 'http://127.0.0.1:9090/api/v1/write', token_file: secret", false)]
    [InlineData("url: 'https://p:9090/api/v1/write', token_file: secret", false)]
    public void A_secret_that_would_go_unencrypted_is_warned_of(string receiver, bool warned)
    {
        File.WriteAllText(Path.Combine(folder, "secret"), "hunter2\n");
        var notes = Right(ServerRole.Desk, "--config all.yaml", $"data: d\nspecs: spec.yaml\nremote_write: {{ {receiver} }}\nmail: {{ domain: mon.example.jp }}\n").Notes.Select(n => n.In(Language.En).Replace(folder + "/", "", StringComparison.Ordinal)).ToList();
        Assert.Equal(warned ? ["all.yaml:3:22: warning: http:// sends the password or token unencrypted, for everybody on the way to read, write it as https://HOST/api/v1/write"] : [], notes);
    }

    [Theory]
    [InlineData("samples: { keep_raw: 23h }", "all.yaml:3:22: this is too short, write 1d or more")]
    [InlineData("samples: { keep_hours: 30d }", "all.yaml:3:24: this is too short, write at least as much as samples.keep_raw")]
    [InlineData("samples: { keep_days: 300d }", "all.yaml:3:23: this is too short, write at least as much as samples.keep_hours")]
    [InlineData("samples: { keep_raw: ever }", "all.yaml:3:22: this is not a duration, write it as 30s, 10m, 2h or 2d")]
    [InlineData("remote_write: { url: 'ftp://p/x' }", "all.yaml:3:22: this is not a URL, write it as https://HOST/api/v1/write")]
    [InlineData("remote_write: { url: 'https://u:hunter2@p/x' }", "all.yaml:3:22: this is not a URL, write it as https://HOST/api/v1/write")]
    [InlineData("remote_write: { url: 'https://p/x', user: h }", "all.yaml:3:43: user and password file belong together, set both remote_write.user and remote_write.password_file, or neither")]
    [InlineData("remote_write: { url: 'https://p/x', password_file: spec.yaml }", "all.yaml:3:52: user and password file belong together, set both remote_write.user and remote_write.password_file, or neither")]
    [InlineData("remote_write: { url: 'https://p/x', user: h, password_file: spec.yaml, token_file: spec.yaml }", "all.yaml:3:84: both a token and a user are set, set one of them")]
    [InlineData("remote_write: { token_file: spec.yaml }", "all.yaml:3:29: remote_write.url is not set, write it as https://HOST/api/v1/write")]
    [InlineData("remote_write: { url: 'https://p/x', token_file: gone }", "all.yaml:3:49: this file does not exist, gone")]
    public void What_is_wrong_with_samples_is_told_where(string line, string problem)
    {
        var wrong = Wrong(ServerRole.Desk, "--config all.yaml", $"data: d\nspecs: spec.yaml\n{line}\n");
        Assert.Contains(problem, wrong);
        Assert.DoesNotContain(wrong, w => w.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_is_on_the_reference_page()
    {
        var page = File.ReadAllText(House.Repository.Path("docs", "reference", "configuration.md"));
        Assert.DoesNotContain(Settings.All, s => !page.Contains($"| `{s.Key}` |", StringComparison.Ordinal) || !page.Contains($"`{s.Variable}`", StringComparison.Ordinal));
        Assert.DoesNotContain(Settings.All, s => s.Default.Length > 0 && !page.Contains($"`{s.Default}`", StringComparison.Ordinal));
    }

    private ServerOptions Right(ServerRole role, string flags, string? yaml = null, params (string, string)[] variables)
    {
        var (options, problems) = Read(role, flags, yaml, variables);
        Assert.Empty(problems);
        return options!;
    }

    private IReadOnlyList<string> Wrong(ServerRole role, string flags, string? yaml = null, params (string, string)[] variables)
    {
        var (options, problems) = Read(role, flags, yaml, variables);
        Assert.Null(options);
        return [.. problems.Select(p => p.In(Language.En).Replace(folder + "/", "", StringComparison.Ordinal))];
    }

    private (ServerOptions? Options, IReadOnlyList<OptionProblem> Problems) Read(ServerRole role, string flags, string? yaml, (string Name, string Value)[] variables)
    {
        if (yaml is not null)
        {
            File.WriteAllText(Path.Combine(folder, "all.yaml"), yaml);
        }

        var words = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var given = words.Chunk(2).ToDictionary(w => w[0][2..], w => (IReadOnlyList<string>)[w[1]]);
        return OptionsReader.Read(role, new SettingSources(given, variables.ToDictionary(v => v.Name, v => v.Value), folder));
    }
}
