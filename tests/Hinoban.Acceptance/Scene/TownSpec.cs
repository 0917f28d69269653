using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>The customer's monitoring specification, with intervals short enough to wait for.</summary>
internal static class TownSpec
{
    internal const string ListAddress = "smpl-mon@lists.example.test";
    internal const string Desk = "desk";

    /// <summary>A member whose address Postfix takes, and reports as unknown afterwards.</summary>
    internal const string Lost = "sasaki@gone.example.test";

    internal static readonly string[] Members = ["tanaka", "yamamoto", Desk];

    /// <summary>What steps 2 and 3 of the runbook run on web01.</summary>
    internal static string ReadCommand(NginxServer web) => $"{web.StartCommand} -t";

    internal static string Write(NginxServer web, int webPort, SshServer ssh, string? secondAddress, int secondPort, IReadOnlyList<int> plugs, bool withLost = false) => $$"""
        customer: sample-trading
        name: { ja: サンプル商事, en: Sample Trading }
        contract: MC-1023
        language: ja
        sites: [tokyo, osaka]
        mailing_list:
          address: {{ListAddress}}
          members:
            - { name: 田中 一郎, mail: tanaka@{{PostfixServer.MailDomain}} }
            - { name: 山本 花子, mail: yamamoto@{{PostfixServer.MailDomain}} }
            - { desk: true }
        {{(withLost ? $"    - {{ name: 佐々木 次郎, mail: {Lost} }}" : "")}}
        calls:
          contacts:
            - { name: 田中 一郎, phone: "+81 3-0000-8901" }
        defaults: { interval: 4s, timeout: 4s, attempts: 2, retry: 1s }
        hosts:
          web01:
            address: {{ssh.Address}}
            name: { ja: 企業サイト, en: corporate site }
            ssh: { user: root, port: {{ssh.Port}}, host_keys: ["{{ssh.HostKey}}"] }
            checks:
              http: { kind: http, port: {{webPort}}, path: /, expect: { status: 200, contains: "Welcome to the lab" }, runbook: restart-web }
        {{Plugs(plugs)}}
        {{Second(secondAddress, secondPort)}}
        runbooks:
          restart-web:
            title: { ja: Webサービスの再起動, en: Restart the web service }
            risk: change
            steps:
              - recheck: { still: failing }
              - read: { on: web01, run: "{{ReadCommand(web)}}", expect: { exit: 0 } }
              - change: { on: web01, run: "{{web.StartCommand}}" }
              - verify: { check: web01/http, ok: 2 times, within: 60s, else: call }

        """;

    /// <summary>Ports that a test opens and closes, each a service of its own.</summary>
    private static string Plugs(IReadOnlyList<int> ports) => string.Join('\n', ports.Select((port, i) => $"      plug{i + 1}: {{ kind: tcp, port: {port}, flapping: off }}"));

    private static string Second(string? address, int port) => address is null ? "" : $$"""
          web02:
            address: {{address}}
            checks:
              http: { kind: http, port: {{port}}, path: / }
              port: { kind: tcp, port: {{port}} }
        """;
}
