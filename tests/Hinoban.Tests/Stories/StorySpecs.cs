using System.Globalization;

namespace Hinoban.Tests.Stories;

/// <summary>The specifications that the stories play under.</summary>
internal static class StorySpecs
{
    internal const string Tanaka = "tanaka@sample.example.jp";
    internal const string Yamamoto = "yamamoto@sample.example.jp";
    internal const string DeskBox = "desk@hinoban.example.jp";
    internal const string Restart = "sudo systemctl restart nginx";
    internal const string ConfigTest = "sudo nginx -t";

    /// <summary>Everybody on the list.</summary>
    internal static readonly string[] Members = [Tanaka, Yamamoto, DeskBox];

    /// <summary>Two hosts: web1 with http and smtp and a runbook, db1 with a database.</summary>
    internal static string Web(int edition = 1, string more = "") => string.Create(CultureInfo.InvariantCulture, $$"""
        customer: sample-trading
        name: { ja: サンプル商事株式会社, en: Sample Trading }
        contract: MC-1023
        language: en
        time_zone: Asia/Tokyo
        edition: {{edition}}
        mailing_list:
          address: smpl-mon@lists.example.jp
          members:
            - { name: 田中 一郎, mail: {{Tanaka}}, instructor: true }
            - { name: 山本 花子, mail: {{Yamamoto}} }
            - { desk: true }
        calls:
          contacts:
            - { name: 田中 一郎, phone: "+81 90-0000-4567", instructor: true }
        slo: { start_within: 10m }
        defaults: { interval: 3m, timeout: 10s, crit: 8s }
        hosts:
          web1:
            address: 192.0.2.10
            machine: cloud
            alive: ping
            ssh: { user: ops, port: 22, host_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT"] }
            checks:
              http: { path: /, expect: { status: 200 }, runbook: restart-web }
              smtp: tcp:25
        {{more}}
          db1:
            address: 192.0.2.20
            machine: physical
            alive: ping
            checks:
              postgres: tcp:5432
        runbooks:
          restart-web:
            title: { ja: Webサービスの再起動, en: Restart the web service }
            risk: change
            steps:
              - read:    { on: web1, run: "{{ConfigTest}}", expect: { exit: 0 }, timeout: 20s, else: { call: "configuration error, so not restarted" } }
              - change:  { on: web1, run: "{{Restart}}", expect: { exit: 0 }, timeout: 60s }
              - verify:  { check: web1/http, ok: 2 times, within: 1m, else: { call: still failing after the restart } }
        """);
}
