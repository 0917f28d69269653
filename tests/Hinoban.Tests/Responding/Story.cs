using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Responding;

/// <summary>An incident told line by line, for the rules that fold over it. Times are minutes:seconds after 02:13:20 JST.</summary>
internal sealed class Story
{
    internal static readonly DateTimeOffset Start = new(2026, 4, 13, 17, 13, 20, TimeSpan.Zero);
    internal static readonly Actor Sato = new("sato", "佐藤", Role.Operator, Scope.Across("operator sato"));
    internal static readonly Actor Suzuki = new("suzuki", "鈴木", Role.Operator, Scope.Across("operator suzuki"));
    internal static readonly Actor Lead = new("mori", "森", Role.Lead, Scope.Across("lead mori"));
    internal static readonly Actor Viewer = new("tanaka", "田中", Role.CustomerViewer, Scope.Of(new CustomerId("sample-trading")));

    internal static readonly RunbookPlan Restart = new("restart-web", new Text("Webサービスの再起動", "Restart the web service"), RunbookRisk.Change,
    [
        new RecheckStepPlan(StepElse.Close, "natural recovery"),
        new ReadStepPlan("web01", "systemctl is-active nginx", null, "state", TimeSpan.FromSeconds(20), StepElse.Stop, ""),
        new ReadStepPlan("web01", "sudo nginx -t", 0, null, TimeSpan.FromSeconds(20), StepElse.Call, "configuration error, so not restarted"),
        new ChangeStepPlan("web01", "sudo systemctl restart nginx", 0, TimeSpan.FromSeconds(60), StepElse.Call, "restart failed"),
        new VerifyStepPlan("web01", "http", 2, TimeSpan.FromMinutes(6), StepElse.Call, "still failing after the restart"),
    ]);

    internal static readonly SshPlan Ssh = new("ops", 22, ["ssh-ed25519 AAAA"]);

    internal static readonly ItemPlan Http = new(
        new ItemId(7), new CustomerId("sample-trading"), "web01", "http", "192.0.2.10",
        new HttpLookPlan(false, 80, "web01", "/", [200], "Welcome", false, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8), null, null, true),
        TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [new("tokyo"), new("osaka")], "restart-web", 4, 9);

    internal static readonly CustomerPlan Plan = new(
        new CustomerId("sample-trading"), new Text("サンプル商事株式会社", "Sample Trading"), "MC-1023", Language.Ja, "Asia/Tokyo", 4, "hash",
        new MailingListPlan("smpl-mon@lists.example.jp", "utf-8", []),
        [
            new ContactPlan("田中 一郎", ["+81 90-0000-4567"], "always", true),
            new ContactPlan("山本 花子", ["+81 3-0000-8901"], "business", false),
        ],
        [new("tokyo"), new("osaka")],
        [new HostPlan("web01", new Text("企業サイト", "corporate site"), "192.0.2.10", MachineKind.Cloud, [], Ssh, null, [Http])],
        [Restart],
        TimeSpan.FromMinutes(10));

    internal static readonly ProblemFacts Facts = new(
        "INC-260414-0007", new CustomerId("sample-trading"), new ItemId(7), 1, "web01", "http", "192.0.2.10", "http",
        "WARN 3 s / CRIT 8 s", "restart-web", 4, 9, Start.AddSeconds(-75));

    private readonly List<IncidentEvent> events = [];

    internal IReadOnlyList<IncidentEvent> Events => [.. events];

    internal static DateTimeOffset At(string time)
    {
        var parts = time.Split(':');
        return Start.AddMinutes(int.Parse(parts[0])).AddSeconds(int.Parse(parts[1]));
    }

    internal static Story Opened(CheckStatus severity = CheckStatus.Critical, bool single = false, ProblemFacts? facts = null, params SiteEvidence[] evidence) =>
        new Story().Add(new Opened(
            Start, "engine", facts ?? Facts, Reach.Reached, severity, single,
            evidence.Length > 0 ? evidence : [Saw("tokyo", VoteKind.Answer), Saw("osaka", VoteKind.Answer)]));

    internal static SiteEvidence Saw(
        string site, VoteKind vote, string output = "HTTP CRITICAL - 503 Service Unavailable, 0.214 s", NoValue noValue = NoValue.None) =>
        new(new SiteName(site), vote, vote == VoteKind.Ok ? CheckStatus.Ok : CheckStatus.Critical, noValue, Start, output);

    internal Story Add(params IncidentEvent[] more)
    {
        events.AddRange(more);
        return this;
    }

    internal Story Accepted(string at, bool desk = true, DeliveryOutcome outcome = DeliveryOutcome.Accepted, NoticeKind kind = NoticeKind.Alert) =>
        Add(new DeliverySettled(At(at), "engine", kind, "key", desk ? "desk@example.jp" : "tanaka@example.jp", desk, outcome, "Q1", "250 ok", false, false));

    internal Story Claim(string at, Actor? by = null) => Add(new Claimed(At(at), (by ?? Sato).Name, (by ?? Sato).DisplayName));

    internal Story Recover(string at, RecoveryReason reason = RecoveryReason.SeenWorking) =>
        Add(new Recovered(At(at), "engine", [Saw("tokyo", VoteKind.Ok), Saw("osaka", VoteKind.Ok)], reason));

    internal Story Begin(string at, int step, int run = 1, RunbookPlan? plan = null, Actor? by = null)
    {
        var of = (plan ?? Restart).Steps[step - 1];
        return Add(new StepStarted(
            At(at), (by ?? Sato).Name, (plan ?? Restart).Key, step, run, Hinoban.Responding.RunbookRules.KindOf(of),
            Hinoban.Responding.RunbookRules.HostOf(of), Hinoban.Responding.RunbookRules.CommandOf(of)));
    }

    internal Story End(string at, int step, StepOutcome outcome, int? exit = null, int run = 1, string because = "", Actor? by = null) =>
        Add(new StepEnded(At(at), (by ?? Sato).Name, step, run, outcome, exit, "", Text.Same(because)));

    internal Story Ran(string at, int step, StepOutcome outcome = StepOutcome.Done, int? exit = null, int run = 1) =>
        Begin(at, step, run).End(at, step, outcome, exit, run);

    internal Story Call(string at, string contact, CallOutcome outcome, string said = "", string tail = "4567") =>
        Add(new CallRecorded(At(at), "sato", contact, tail, outcome, said));

    internal Story Note(string at, string text, bool forReport = true) => Add(new NoteAdded(At(at), "sato", text, forReport));

    internal Story Report(string at, bool interim = false) =>
        Add(new ReportSent(At(at), "sato", "佐藤", interim, new ReportParts("s", "c", "a", "p"), "key"));

    internal Story Close(string at) => Add(new Closed(At(at), "sato", Text.Same("done")));
}
