using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hinoban.Acceptance.Paths;
using Hinoban.Lab;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace Hinoban.Acceptance.Hostile;

/// <summary>What a hostile plugin prints, and how each sink is meant to hold it.</summary>
/// <param name="Name">The service.</param>
/// <param name="Printed">The bytes on the plugin's standard output.</param>
/// <param name="First">The first line as kept.</param>
/// <param name="Long">The further lines as kept.</param>
/// <param name="Mailed">The first line as a person reads it in the mail; line wrapping taken out.</param>
/// <param name="Shown">The first line as a person reads it on a page.</param>
internal sealed record HostileCase(string Name, byte[] Printed, string First, string Long, string Mailed, string Shown)
{
    private const int Kept = 64 * 1024;
    private const int Megabyte = 1024 * 1024;

    internal static IReadOnlyList<HostileCase> All { get; } =
    [
        Of("breaks",
            "a\rBcc: evil@example.test\v\f\u0085\u2028X-Evil: 1\r\nBcc: long@example.test\r\n\r\n.\r\nQUIT\r\n",
            "a\rBcc: evil@example.test\v\f\u0085\u2028X-Evil: 1", "Bcc: long@example.test\r\n\r\n.\r\nQUIT",
            @"a\rBcc: evil@example.test\x0b\x0c\x85\u{2028}X-Evil: 1"),
        Of("shell",
            "$(touch owned) `touch owned` ; touch owned && ${IFS}%n%s $HOSTADDRESS$ \\' \" * ~ !!\n",
            "$(touch owned) `touch owned` ; touch owned && ${IFS}%n%s $HOSTADDRESS$ \\' \" * ~ !!", "",
            "$(touch owned) `touch owned` ; touch owned && ${IFS}%n%s $HOSTADDRESS$ \\' \" * ~ !!"),
        Of("script",
            "<script>window.owned=1</script><img src=x onerror=\"window.owned=2\"></td></table>&lt;b&gt;'\"-->\n<script>window.owned=3</script>\n",
            "<script>window.owned=1</script><img src=x onerror=\"window.owned=2\"></td></table>&lt;b&gt;'\"-->", "<script>window.owned=3</script>",
            "<script>window.owned=1</script><img src=x onerror=\"window.owned=2\"></td></table>&lt;b&gt;'\"-->"),
        Of("ansi",
            "\e[31mred\e[0m \e]0;title\a \b\b nul\0byte \u202Elive\u202C \u200Bx\n",
            "\e[31mred\e[0m \e]0;title\a \b\b nul\0byte \u202Elive\u202C \u200Bx", "",
            @"\x1b[31mred\x1b[0m \x1b]0;title\x07 \x08\x08 nul\x00byte \u{202e}live\u{202c} \u{200b}x"),
        new("bytes",
            [.. "bad "u8, 0xff, 0xfe, 0xc3, .. "( "u8, 0xed, 0xa0, 0x80, .. " "u8, 0xf0, 0x9f, .. " 終\n"u8],
            "bad \uFFFD\uFFFD\uFFFD( \uFFFD\uFFFD\uFFFD \uFFFD 終", "",
            "bad \uFFFD\uFFFD\uFFFD( \uFFFD\uFFFD\uFFFD \uFFFD 終", "bad \uFFFD\uFFFD\uFFFD( \uFFFD\uFFFD\uFFFD \uFFFD 終"),
        Megabytes(),
    ];

    private static HostileCase Of(string name, string printed, string first, string more, string visible) =>
        new(name, Encoding.UTF8.GetBytes(printed), first, more, visible, visible);

    private static HostileCase Megabytes()
    {
        var line = string.Concat(Enumerable.Range(0, Megabyte / 8).Select(i => i.ToString("x7", CultureInfo.InvariantCulture) + ","));
        var kept = string.Create(CultureInfo.InvariantCulture, $"{line[..Kept]} [output cut: {Megabyte + 1 - Kept} more bytes]");
        return new HostileCase(
            "megabyte", Encoding.UTF8.GetBytes(line + "\n"), kept, "",
            string.Create(CultureInfo.InvariantCulture, $"{line[..1000]}…(+{kept.Length - 1000})"),
            string.Create(CultureInfo.InvariantCulture, $"{line[..600]}…(+{kept.Length - 600})"));
    }
}

/// <summary>A whole <c>hinoban up</c> whose plugins print what an attacker would. Started once for all tests of the class.</summary>
public sealed class HostileScene : IAsyncLifetime
{
    internal const string Password = "correct horse battery staple";

    /// <summary>The arguments as written in the specification, and as the plugin is meant to get them.</summary>
    internal static readonly (string Written, string Got)[] Arguments =
    [
        ("-H", "-H"),
        ("$HOSTADDRESS$", "127.0.0.1"),
        ("--url=$HOSTADDRESS$/$HOSTNAME$/$SERVICEDESC$?a=$(touch owned)&b=1;2", "--url=127.0.0.1/evil01/argv?a=$(touch owned)&b=1;2"),
        ("`touch owned`; touch owned | tee owned > owned", "`touch owned`; touch owned | tee owned > owned"),
        ("$$HOSTADDRESS$$", "$HOSTADDRESS$"),
        ("", ""),
        (" two  spaces ", " two  spaces "),
        ("tab\there", "tab\there"),
        ("it's \"quoted\" \\back\\ <script>alert(1)</script> * ? [a-z] ~ {a,b} !!", "it's \"quoted\" \\back\\ <script>alert(1)</script> * ? [a-z] ~ {a,b} !!"),
        ("日本語 é 𠮷 %s %n", "日本語 é 𠮷 %s %n"),
        ("--", "--"),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private ProgramRun? run;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private IPage? page;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("hinoban-hostile-").FullName;

    internal string Plugins => Path.Combine(Folder, "plugins");

    internal Uri Address { get; private set; } = new("http://127.0.0.1");

    internal MailSink Mails { get; } = MailSink.Start();

    internal DeskClient Api { get; private set; } = null!;

    internal IReadOnlyList<string> Log => run!.Lines;

    internal string Data => Path.Combine(Folder, "data");

    internal static string DeskFile(string data) => Path.Combine(data, "desk.db");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Plugins);
        WritePlugins();
        var config = Path.Combine(Folder, "hinoban.yaml");
        await File.WriteAllTextAsync(config, $"plugins:\n  folders: [{Plugins}]\n");
        var specs = Path.Combine(Folder, "hostile.yaml");
        await File.WriteAllTextAsync(specs, Specification());
        var token = await ProgramRun.TokenAsync(Data, "operator");
        run = ProgramRun.Start(
        [
            "up", "--data", Data, "--specs", specs, "--listen", "http://127.0.0.1:0", "--config", config, "--language", "ja",
            "--smtp", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Mails.Port}"),
        ]);
        var line = await run.LineAsync("http://127.0.0.1:");
        Address = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim());
        Api = new DeskClient(Address, token);
        await Mails.UntilAsync(m => m.Count >= HostileCase.All.Count, Patience);
        await Api.UntilAsync(
            "services", s => PathScene.Services(s).Where(i => PathScene.Word(i, "service").Length > 0).All(i => PathScene.Views(i).All(v => v["known"]!.GetValue<bool>())),
            Patience, "both sites have looked at everything");
    }

    internal async Task<JsonNode> ServiceAsync(string name) =>
        PathScene.Services(await Api.GetAsync("services")).Single(s => PathScene.Word(s, "service") == name);

    /// <summary>What the desk's database holds of an item's view, as bytes.</summary>
    internal List<(byte[] Output, byte[] Long)> Stored(int item)
    {
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DeskFile(Data), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        db.Open();
        using var read = db.CreateCommand();
        read.CommandText = "select cast(output as blob), cast(long_output as blob) from site_views where item = $item order by site";
        read.Parameters.AddWithValue("$item", item);
        using var rows = read.ExecuteReader();
        var found = new List<(byte[], byte[])>();
        while (rows.Read())
        {
            found.Add(((byte[])rows[0], (byte[])rows[1]));
        }

        return found;
    }

    /// <summary>A page of the console, signed in as an operator; one for all tests.</summary>
    internal async Task<IPage> PageAsync()
    {
        if (page is not null)
        {
            return page;
        }

        var (exit, said) = await ProgramRun.TellAsync(Password, "account", "add", "--data", Data, "--user", "eye", "--role", "operator", "--password-stdin");
        Assert.True(exit == 0, said);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        page = await (await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = Address.ToString() })).NewPageAsync();
        await page.GotoAsync("/login");
        await page.FillAsync("input[name=name]", "eye");
        await page.FillAsync("input[name=password]", Password);
        await page.ClickAsync(".login-form button");
        await page.WaitForURLAsync(u => !u.Contains("/login", StringComparison.Ordinal));
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
            playwright!.Dispose();
        }

        if (run is not null)
        {
            await run.DisposeAsync();
        }

        Api?.Dispose();
        await Mails.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void WritePlugins()
    {
        foreach (var one in HostileCase.All)
        {
            File.WriteAllBytes(Path.Combine(Plugins, $"{one.Name}.out"), one.Printed);
        }

        Script("check_say", "cat \"${0%/*}/$1.out\"\nexit 2\n");
        Script("check_argv", "for a in \"$@\"; do printf '%s\\0' \"$a\"; done > \"${0%/*}/argv.$$\"\nmv -f \"${0%/*}/argv.$$\" \"${0%/*}/argv\"\necho fine\nexit 0\n");
    }

    private void Script(string name, string body)
    {
        var path = Path.Combine(Plugins, name);
        File.WriteAllText(path, "#!/bin/sh\n" + body);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Specification()
    {
        var arguments = string.Join(", ", Arguments.Select(a => "'" + a.Written.Replace("'", "''", StringComparison.Ordinal) + "'"));
        var says = string.Join('\n', HostileCase.All.Select(c => $"      {c.Name}: {{ kind: plugin, command: [check_say, {c.Name}], evidence: answer }}"));
        return $$"""
            customer: evil-trading
            name: { ja: '悪意 <script>window.owned=4</script> "商事" $(id)', en: Evil Trading }
            language: ja
            mailing_list:
              address: ops@example.test
              members: [{ name: 'T. "Tanaka" <x@y.test>, Jr.', mail: tanaka@example.test }]
            defaults: { interval: 5s, retry: 1s, attempts: 1, timeout: 4s }
            hosts:
              evil01:
                address: 127.0.0.1
                alive: none
                checks:
                  argv: { kind: plugin, command: [check_argv, {{arguments}}] }
            {{says}}
            """;
    }

}
