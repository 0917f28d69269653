using System.Globalization;
using Hinoban.Basics;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Lab;

/// <summary>The town's monitoring specification, and the two commands that its runbook runs on the customer's server.</summary>
internal sealed class TownSpec(string folder, Language language, int webPort, int mailPort, NginxServer web, SshPlan? ssh)
{
    private string Status => Path.Combine(folder, "web01", "web-status");

    private string Restart => Path.Combine(folder, "web01", "web-restart");

    /// <summary>Writes the commands and returns the specification.</summary>
    internal string Text()
    {
        Script(Status, $"""
            #!/bin/sh
            if [ -s {Quoted(web.PidFile)} ] && kill -0 "$(cat {Quoted(web.PidFile)})" 2>/dev/null; then echo active; else echo "inactive (dead)"; fi
            """);
        Script(Restart, $"""
            #!/bin/sh
            # What "systemctl restart nginx" does where there is systemd.
            if [ -s {Quoted(web.PidFile)} ] && kill -0 "$(cat {Quoted(web.PidFile)})" 2>/dev/null; then {web.StartCommand} -s stop; fi
            {web.StartCommand} </dev/null >/dev/null && echo "nginx started"
            """);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # 監視仕様書 / monitoring specification of the demo's customer. Change it while the demo runs: it is taken within seconds.
            customer: sample-trading
            name: { ja: サンプル商事株式会社, en: Sample Trading }
            contract: MC-1023
            language: {{(language == Language.En ? "en" : "ja")}}
            time_zone: Asia/Tokyo
            edition: 1

            mailing_list:
              address: smpl-mon@lists.example.jp
              members:
                - { name: 田中 一郎, mail: tanaka@sample.example.jp, instructor: true }
                - { name: 山本 花子, mail: yamamoto@sample.example.jp }
                - { desk: true }

            calls:
              contacts:
                - { name: 田中 一郎, phone: "+81 90-0000-4567", instructor: true }
                - { name: 山本 花子, phone: "+81 3-0000-8901" }

            slo: { start_within: 10m }

            # A demo must not take minutes: in production interval is 3m, retry 15s.
            defaults: { interval: 5s, retry: 1s, attempts: 2, timeout: 3s, crit: 2s }

            hosts:
              web01:
                address: 127.0.0.1
                name: { ja: 企業サイト, en: corporate site }
                machine: cloud
                alive: {{(ssh is null ? "none" : $"tcp:{ssh.Port}")}}
            {{SshOf()}}
                checks:
                  http: { port: {{webPort}}, path: /, expect: { status: 200, contains: "Sample Trading" }, warn: 1s{{(ssh is null ? "" : ", runbook: restart-web")}} }
              mail01:
                address: 127.0.0.1
                name: { ja: メールサーバー, en: mail server }
                machine: virtual
                alive: none
                checks:
                  smtp: tcp:{{mailPort}}
            {{RunbookOf()}}
            """);
    }

    private string SshOf() => ssh is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"    ssh: {{ user: {ssh.User}, port: {ssh.Port}, host_keys: [\"{ssh.HostKeys[0]}\"] }}");

    private string RunbookOf() => ssh is null ? "" : $$"""

        runbooks:
          restart-web:
            title: { ja: Webサービスの再起動, en: Restart the web service }
            risk: change
            steps:
              - recheck: { still: failing, else: { close: "{{In("自然復旧", "natural recovery")}}" } }
              - read:    { on: web01, run: {{Yaml(Quoted(Status))}}, timeout: 20s }
              - read:    { on: web01, run: {{Yaml($"tail -n 5 {Quoted(Path.Combine(folder, "web01", "access.log"))}")}}, timeout: 20s }
              - read:    { on: web01, run: {{Yaml($"{web.StartCommand} -t")}}, expect: { exit: 0 }, timeout: 20s, else: { call: "{{In("設定ファイルに誤りがあるため、再起動しない", "configuration error, so not restarted")}}" } }
              - change:  { on: web01, run: {{Yaml(Quoted(Restart))}}, expect: { exit: 0 }, timeout: 60s }
              - verify:  { check: web01/http, ok: 2 times, within: 1m, else: { call: "{{In("再起動後も復旧しない", "still failing after the restart")}}" } }
        """;

    private string In(string ja, string en) => language == Language.En ? en : ja;

    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Yaml(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
