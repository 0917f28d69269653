using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>No mistake hides another: any two of them in one file are both reported, each as if it were alone.</summary>
public sealed class EveryMistakeTests
{
    /// <summary>A right specification; each mistake replaces one piece of it.</summary>
    private const string Right = """
        customer: sample-trading
        name: Sample
        contract: MC-1
        language: ja
        time_zone: Asia/Tokyo
        edition: 4
        sites: [tokyo, osaka]
        slo: { start_within: 10m }
        mailing_list:
          address: smpl-mon@lists.example.jp
          members:
            - { name: Tanaka, mail: tanaka@sample.example.jp }
            - { name: Yamamoto, mail: yamamoto@sample.example.jp }
            - { desk: true, instructor: false }
        calls:
          contacts:
            - { name: Tanaka, phone: "+81 3-0000-0001", instructor: true }
            - { name: Suzuki, phone: "+81 3-0000-0000", hours: always }
        defaults: { timeout: 10s, crit: 8s, interval: 3m, retry: 15s, attempts: 2 }
        templates:
          web:
            checks:
              http: { kind: http, path: /, timeout: 9s }
              https: { kind: https }
              late: { kind: http, crit: 7s }
              page: { kind: http, warn: 3s, runbook: restart-web }
              load: { respond: mail, runbook: none, attempts: 3 }
        hosts:
          web01:
            address: 192.0.2.10
            machine: cloud
            use: [web]
            ssh: { user: hinoban, host_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT"] }
            checks:
              mail: { kind: tcp, port: 25 }
              slow: { kind: tcp, port: 26, warn: 7s, crit: 8s }
              never: { kind: tcp, port: 27, attempts: 1 }
              queue: { kind: plugin, command: [check_queue, -w, "100"], retry: 20s }
              path: { kind: http, path: /a, runbook: none }
              nearby: { kind: ping, crit: 60%, sites: [tokyo] }
              space: { kind: disk, warn: 80% used, crit: 10% free }
              workers: { kind: procs, name: nginx, warn: "1:250", crit: "1:400" }
              shop: { kind: postgres, from: web02, user: monitor, password: secret:shop }
          web02:
            address: 192.0.2.11
            parents: [web01]
        runbooks:
          restart-web:
            risk: change
            steps:
              - recheck: { still: failing, else: stop }
              - read: { on: web01, run: "systemctl is-active nginx" }
              - verify: { check: web01/http }
        """;

    private static readonly (string Piece, string Wrong, string Said)[] Mistakes =
    [
        ("customer: sample-trading", "customer: Sample_Trading", "`Sample_Trading` is not a customer's id"),
        ("name: Sample", "name: \"Sample\\r\\nBcc: x\"", "`name` holds the control character"),
        ("contract: MC-1", "contrct: MC-1", "`contrct` is not a key of a customer"),
        ("language: ja", "language: jp", "`language`: `jp` is not known"),
        ("Asia/Tokyo", "Asia/Tokio", "`Asia/Tokio` is not a time zone"),
        ("edition: 4", "edition: four", "`edition`: `four` is not a whole number"),
        ("start_within: 10m", "start_within: 5s", "`start_within` is 5s"),
        ("smpl-mon@lists.example.jp", "lists.example.jp", "`lists.example.jp` is not a mail address"),
        ("mail: yamamoto@sample.example.jp", "mail: TANAKA@sample.example.jp", "`TANAKA@sample.example.jp` gets every mail twice"),
        ("instructor: false", "instructor: maybe", "`instructor`: `maybe` is not known"),
        ("{ name: Tanaka, phone: \"+81 3-0000-0001\", instructor: true }", "{ phone: \"+81 3-0000-0001\", instructor: true }", "a contact has no `name`"),
        ("\"+81 3-0000-0000\"", "ask the desk", "`ask the desk` is not a phone number"),
        ("hours: always", "hours: busines", "there is no calendar `busines`"),
        ("timeout: 10s", "timeout: 2s", "is not below the time-out (2s)"),
        ("interval: 3m", "interval: 3", "`interval`: `3` has no unit"),
        ("retry: 15s", "retry: soon", "`retry`: `soon` is not a duration"),
        ("timeout: 9s", "tiemout: 9s", "`tiemout` is not a key of an `http` check"),
        ("kind: https", "kind: htps", "`htps` is not a kind of check"),
        ("crit: 7s", "crit: 10s", "`crit` (10s) is not below the time-out"),
        ("runbook: restart-web", "runbook: restart-wbe", "there is no runbook `restart-wbe`"),
        ("runbook: none, attempts: 3", "runbook: nobody, attempts: 3", "there is no runbook `nobody`"),
        ("address: 192.0.2.10", "address: 192.0.2.300", "`192.0.2.300` is not an address"),
        ("machine: cloud", "machine: clod", "`machine`: `clod` is not known"),
        ("use: [web]", "use: [web, databse]", "there is no template `databse`"),
        ("AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT", "AAAA", "`ssh-ed25519 AAAA` is not an SSH host key"),
        ("kind: tcp, port: 25", "kind: tcp", "a `tcp` check has no `port`"),
        ("warn: 7s, crit: 8s", "warn: 9s, crit: 8s", "`warn` (9s) is above `crit` (8s)"),
        ("attempts: 1", "attempts: 0", "`attempts` is 0"),
        ("[check_queue, -w, \"100\"]", "\"check_queue -w 100\"", "`command` is the word `check_queue -w 100`"),
        ("retry: 20s", "retry: 20", "`retry`: `20` has no unit"),
        ("path: /a", "path: \"/a b\"", "`/a b` is not a path"),
        ("crit: 60%", "crit: fast", "`crit`: `fast` is not a ping threshold"),
        ("sites: [tokyo] }", "sites: [nagoya] }", "`nagoya` is not one of the customer's sites"),
        ("80% used", "80%", "`80%` is no threshold of a share"),
        ("10% free", "20% fre", "`20% fre` is no threshold of a share"),
        ("1:250", "1..250", "`1..250` is no range"),
        ("name: nginx", "name: sbin/nginx", "`sbin/nginx` is not the name of a process"),
        ("from: web02", "from: web03", "there is no host `web03`"),
        ("password: secret:shop", "password: shop", "a password does not stand in a specification"),
        ("parents: [web01]", "parents: [web02]", "`web02` is its own parent"),
        ("risk: change", "risk: none", "`risk`: `none` is not known"),
        ("else: stop", "else: jump", "`else`: `jump` is not known"),
        ("on: web01", "on: web1", "there is no host `web1`"),
        ("check: web01/http", "check: web01/htttp", "`web01` has no check `htttp`"),
    ];

    [Fact]
    public void The_specification_without_mistakes_is_right() =>
        Assert.DoesNotContain(SpecReader.ReadText("s.yaml", Right).Problems, p => p.Level == ProblemLevel.Error);

    [Fact]
    public void Any_two_mistakes_are_both_reported()
    {
        var alone = Mistakes.Select(m => Errors(With(Right, m))).ToList();
        Assert.All(Mistakes.Zip(alone), pair => Assert.Contains(pair.Second, e => e.Contains(pair.First.Said, StringComparison.Ordinal)));
        var hidden = new List<string>();
        for (var i = 0; i < Mistakes.Length; i++)
        {
            for (var j = i + 1; j < Mistakes.Length; j++)
            {
                var errors = Errors(With(With(Right, Mistakes[i]), Mistakes[j]));
                hidden.AddRange(new[] { Mistakes[i], Mistakes[j] }
                    .Where(m => !errors.Exists(e => e.Contains(m.Said, StringComparison.Ordinal)))
                    .Select(m => $"{m.Said} (with {Mistakes[i].Wrong} and {Mistakes[j].Wrong})"));
            }
        }

        Assert.Empty(hidden);
    }

    [Fact]
    public void All_mistakes_at_once_are_all_reported()
    {
        var errors = Errors(Mistakes.Aggregate(Right, With));
        Assert.All(Mistakes, m => Assert.Contains(errors, e => e.Contains(m.Said, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_problem_is_in_both_languages()
    {
        var problems = SpecReader.ReadText("s.yaml", Mistakes.Aggregate(Right, With)).Problems
            .Concat(SpecReader.Read(SpecSamples.ThirtyMistakes).Problems).Concat(SpecReader.Read(SpecSamples.Example).Problems);
        Assert.All(problems, p => Assert.Matches(@"[\u3040-\u30ff\u4e00-\u9fff]", p.Said.Ja));
        Assert.All(problems, p => Assert.Matches(@"[\u3040-\u30ff\u4e00-\u9fff]", p.Cure.Ja));
        Assert.All(problems, p => Assert.DoesNotMatch(@"[\u3040-\u30ff]", p.ToString()));
    }

    private static string With(string text, (string Piece, string Wrong, string Said) mistake)
    {
        Assert.Contains(mistake.Piece, text, StringComparison.Ordinal);
        var at = text.IndexOf(mistake.Piece, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), mistake.Wrong, text.AsSpan(at + mistake.Piece.Length));
    }

    private static List<string> Errors(string text) =>
        [.. SpecReader.ReadText("s.yaml", text).Problems.Where(p => p.Level == ProblemLevel.Error).Select(p => p.Wrong)];
}
