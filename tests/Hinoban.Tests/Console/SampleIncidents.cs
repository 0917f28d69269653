using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>Incidents in every stage, told by their events as the desk would tell them.</summary>
internal sealed class SampleIncidents(DateTimeOffset now, IReadOnlyList<HostRow> hosts)
{
    private static readonly ReportParts NoDraft = new("", "", "", "");

    internal IEnumerable<IncidentView> All()
    {
        yield return Unclaimed(41, "web01", "http", opened: -195, accepted: -190);
        yield return Unclaimed(40, "db01", "", opened: -375, accepted: -370, attached: true);
        yield return Unclaimed(39, "shop", "https", opened: -525, accepted: -520, single: true);
        yield return Unclaimed(38, "mail01", "smtp", opened: -680, accepted: -675);
        yield return Unclaimed(42, "app02", "queue", opened: -64, accepted: null);
        yield return Log(43, -900);
        yield return Responding(35, "web02", "https", Middle());
        yield return Responding(34, "web01", "https", UnknownStep());
        yield return ReportOwed(33);
        yield return Reported(32, closed: false);
        for (var i = 0; i < 6; i++)
        {
            yield return Reported(20 + i, closed: true);
        }
    }

    /// <summary>What a log says: long lines, a record of several, and somebody who would like to be a page.</summary>
    internal static IReadOnlyList<TakenHit> Hits(DateTimeOffset now) =>
    [
        Hit(now.AddSeconds(-312), CheckStatus.Critical, "oom", "Apr 14 11:54:48 web02 kernel: Out of memory: Killed process 4711 (php-fpm) total-vm:2048000kB, anon-rss:1630000kB", suppressed: 17),
        Hit(now.AddSeconds(-640), CheckStatus.Warning, "match1", "2026-04-14 11:49:20 Error: payment failed for ***\n  at Shop.Checkout.Pay(Order order)\n  at Shop.Checkout.Run()"),
        Hit(now.AddSeconds(-905), CheckStatus.Warning, "match1", $"Error: <script>alert('log')</script> \u001b[31m\u202e {new string('x', 900)}"),
    ];

    private static TakenHit Hit(DateTimeOffset read, CheckStatus level, string rule, string text, int suppressed = 0) => new(
        SampleHosts.Tokyo,
        read.AddSeconds(60),
        new LogHit(new string('a', 32), rule, level, read, "/var/log/messages", 88121, text, ["Apr 14 11:54:47 web02 systemd[1]: Started Session 12 of user deploy.", ""], ["Apr 14 11:54:49 web02 systemd[1]: php-fpm.service: A process was killed by the OOM killer."], 1, suppressed));

    private IncidentView Log(long id, double opened)
    {
        var item = ItemOf("web02", "syslog");
        var hits = Hits(now);
        item = item with { Severity = CheckStatus.Critical, Evidence = [new SiteEvidence(SampleHosts.Tokyo, VoteKind.Answer, CheckStatus.Critical, NoValue.None, At(opened), hits[0].Hit.Text)] };
        var begun = Open(id, item, opened, single: false);
        List<IncidentEvent> events =
        [
            begun with { Problem = begun.Problem with { Episode = -1 } },
            new LogHitsFound(At(opened), "engine", SampleHosts.Tokyo, 1, 0, CheckStatus.Warning, hits[2].Hit.ReadUtc, hits[2].Hit.ReadUtc, [hits[2].Hit]),
            new NoticeDecided(At(opened), "engine", NoticeKind.Alert, NoticeReason.NewProblem, true, $"k{id}.alert", Subject(item, "PROBLEM")),
            .. Accepted(id, NoticeKind.Alert, opened + 5),
            new Claimed(At(opened + 200), "sato", "佐藤 花子"),
            new LogHitsFound(At(-300), "engine", SampleHosts.Tokyo, 2, 17, CheckStatus.Critical, hits[1].Hit.ReadUtc, hits[0].Hit.ReadUtc, [hits[1].Hit, hits[0].Hit]),
            new NoticeDecided(At(-280), "engine", NoticeKind.Update, NoticeReason.MoreHits, true, $"k{id}.update", Subject(item, "PROBLEM")),
        ];
        var view = View(id, item, events, IncidentStage.Responding, opened, opened + 5, opened + 200, null, MailTrouble.None, false, 0);
        return view with { Row = view.Row with { IsLog = true }, Log = new LogView(129, 17, hits[2].Hit.ReadUtc, hits[0].Hit.ReadUtc, hits) };
    }

    private DateTimeOffset At(double seconds) => now.AddSeconds(seconds);

    private IncidentView Unclaimed(long id, string host, string service, double opened, double? accepted, bool single = false, bool attached = false)
    {
        var item = ItemOf(host, service);
        List<IncidentEvent> events = [Open(id, item, opened, single)];
        if (attached)
        {
            events.Add(new ServiceAttached(At(opened), "engine", new ItemId(1), "postgres", CheckStatus.Critical, "TCP CRITICAL - no route to host (198.51.100.20:5432)") { Kind = "tcp" });
            events.Add(new ServiceAttached(At(opened), "engine", new ItemId(2), "ssh", CheckStatus.Critical, "TCP CRITICAL - no route to host (198.51.100.20:22)") { Kind = "tcp" });
            events.AddRange(Storm.Hosts.Select(h => new StormJoined(h.JoinedUtc, "engine", new ItemId(4), h.Host, h.Address, Storm.Kind, Storm.Cause, $"PING CRITICAL - Packet loss = 100%, no answer from {h.Address} within 10 seconds") { Kind = "ping" }));
            events.Add(new HostAttached(At(opened), "engine", new ItemId(3), "vm01", "198.51.100.21", "PING CRITICAL - Packet loss = 100%, no answer from 198.51.100.21 within 10 seconds") { Kind = "ping" });
        }

        if (single)
        {
            events.Add(new SpokenAway(At(opened), "site tokyo", SampleHosts.Tokyo, Alone: true, [SampleHosts.Tokyo]));
        }

        events.Add(new NoticeDecided(At(opened), "engine", NoticeKind.Alert, NoticeReason.NewProblem, true, $"k{id}.alert", Subject(item, "PROBLEM")));
        if (accepted is { } at)
        {
            events.AddRange(Accepted(id, NoticeKind.Alert, at));
        }

        return View(id, item, events, IncidentStage.Unclaimed, opened, accepted, null, null, accepted is null ? MailTrouble.Retrying : MailTrouble.None, single, attached ? 2 : 0);
    }

    private IncidentView Responding(long id, string host, string service, IReadOnlyList<StepView> steps)
    {
        var item = ItemOf(host, service);
        List<IncidentEvent> events = [.. Beginning(id, item, -1500)];
        events.Add(new NoteAdded(At(-1240), "sato", "管理画面では更新ジョブが3日前から失敗している。\n証明書の更新スクリプトを確認する。", true));
        events.Add(new NoteAdded(At(-1200), "suzuki", "先月も同じ症状。引き継ぎノート参照(社内用)", false));
        foreach (var (step, run) in steps.SelectMany(s => s.Runs.Select(r => (s, r))))
        {
            events.Add(new StepStarted(run.StartedUtc, run.By, "restart-web", step.Number, run.Run, step.Kind, step.Command.Length > 0 ? host : "", step.Command));
            if (run.Outcome is { } outcome)
            {
                events.Add(new StepEnded(run.EndedUtc!.Value, "engine", step.Number, run.Run, outcome, run.ExitCode, run.Transcript, run.Because));
            }
        }

        events.Add(new CallRecorded(At(-300), "sato", "田中 一郎", "4567", CallOutcome.NoAnswer, ""));
        events.Add(new CallRecorded(At(-240), "sato", "山本 花子", "8901", CallOutcome.VoicemailMessage, "定型伝言A"));
        return View(id, item, events, IncidentStage.Responding, -1500, -1495, -1305, null, MailTrouble.None, false, 0, steps, Draft(item));
    }

    private IncidentView ReportOwed(long id)
    {
        var (now, item) = (ItemOf("mail01", "pop"), Failed(ItemOf("mail01", "pop")));
        List<IncidentEvent> events = [.. Beginning(id, item, -3900), new Recovered(At(-2100), "engine", now.Evidence, RecoveryReason.SeenWorking)];
        events.Add(new NoticeDecided(At(-2100), "engine", NoticeKind.Recovery, NoticeReason.OwedRecovery, true, $"k{id}.recovery", Subject(item, "RECOVERY")));
        events.AddRange(Accepted(id, NoticeKind.Recovery, -2098));
        return View(id, item, events, IncidentStage.ReportOwed, -3900, -3895, -3640, -2100, MailTrouble.Failed, false, 0, Done(), Draft(item));
    }

    private IncidentView Reported(long id, bool closed)
    {
        var (now, item) = (ItemOf("shop", "basket"), Failed(ItemOf("shop", "basket")));
        var age = closed ? -86400 * (id - 19) / 2.0 : -9000;
        List<IncidentEvent> events = [.. Beginning(id, item, age), new Recovered(At(age + 1900), "engine", now.Evidence, RecoveryReason.SeenWorking)];
        events.Add(new ReportSent(At(age + 2600), "sato", "佐藤 花子", false, Draft(item) with { Cause = "事実: プロセスが停止していた(手順2)。推定: メモリ不足(根拠: 手順3のログ)。" }, $"k{id}.report"));
        if (closed)
        {
            events.Add(new Closed(At(age + 2700), "sato", Text.Same("復旧を確認し報告済み")));
        }

        return View(id, item, events, closed ? IncidentStage.Closed : IncidentStage.Reported, age, age + 5, age + (id % 3 == 0 ? 720 : 214), age + 1900, MailTrouble.None, false, 0, Done(), Draft(item));
    }

    private IEnumerable<IncidentEvent> Beginning(long id, ItemRow item, double at) =>
    [
        Open(id, item, at, single: false),
        new NoticeDecided(At(at), "engine", NoticeKind.Alert, NoticeReason.NewProblem, true, $"k{id}.alert", Subject(item, "PROBLEM")),
        .. Accepted(id, NoticeKind.Alert, at + 5),
        new Claimed(At(at + 195), "sato", "佐藤 花子"),
        .. id == 35 ? [new FlappingStarted(At(at + 240), "engine", 53, CheckStatus.Ok)] : Array.Empty<IncidentEvent>(),
    ];

    private Opened Open(long id, ItemRow item, double at, bool single) =>
        new(At(at), "engine", Facts(id, item, at), item.Reach, item.Severity, single, item.Evidence);

    private IEnumerable<IncidentEvent> Accepted(long id, NoticeKind kind, double at) =>
        SampleMails.Members.Select(m => new DeliverySettled(
            At(at), "engine", kind, $"k{id}.{kind}", m, m.StartsWith("desk@", StringComparison.Ordinal), DeliveryOutcome.Accepted, "4Wq8rT2xKz1nB7", "250 2.0.0 Ok: queued as 4Wq8rT2xKz1nB7", false, false));

    private ProblemFacts Facts(long id, ItemRow item, double at) => new(
        IncidentNumber.Of(new DateOnly(2026, 4, 14), (int)id), item.Customer, item.Id, 7, item.Host, item.Service,
        hosts.First(h => h.Host == item.Host).Address, item.Kind, item.Thresholds, "restart-web", 4, 12, At(at - 26));

    private IncidentView View(
        long id, ItemRow item, IReadOnlyList<IncidentEvent> events, IncidentStage stage, double opened, double? accepted, double? claimed, double? recovered,
        MailTrouble trouble, bool single, int attached, IReadOnlyList<StepView>? steps = null, ReportParts? draft = null)
    {
        var started = accepted is { } a ? At(a) : (DateTimeOffset?)null;
        var slo = new SloView(started, started?.AddMinutes(10), claimed is { } c ? At(c) : null, claimed is null ? null : At(claimed.Value) - started <= TimeSpan.FromMinutes(10));
        var row = new IncidentRow(
            new IncidentId(id), IncidentNumber.Of(new DateOnly(2026, 4, 14), (int)id), item.Customer, item.CustomerName, item.Host, item.Service,
            item.Severity, item.Reach, single, item.NoValue, stage, claimed is null ? null : "佐藤 花子", At(opened),
            recovered is { } r ? At(r) : null, slo, attached, item.Evidence[0].Output, trouble)
        {
            Kind = item.Kind,
            Flapping = events.Any(e => e is FlappingStarted),
            Unreachable = attached > 0 ? 1 : 0,
            Joined = attached > 0 ? 2 : 0,
            StillFailing = attached > 0 ? 2 : 0,
            Causes = [.. item.Evidence.Where(e => e.Vote == VoteKind.Transport).Select(e => e.NoValue).Distinct()],
        };
        return new IncidentView(
            row, Facts(id, item, opened), hosts.First(h => h.Host == item.Host).Name, item.Customer == SampleHosts.Media ? "Europe/Berlin" : "Asia/Tokyo", Language.Ja,
            item.Evidence, item.Views, [.. events.Concat(SampleMails.Came(row, At)).OrderBy(e => e.AtUtc)], SampleRunbooks.RestartWeb, [.. (steps ?? SampleRunbooks.Untouched(stage == IncidentStage.Unclaimed)).Select(s => SampleRunbooks.On(item, s))], SampleRunbooks.Contacts,
            SampleMails.Of(row, At), draft ?? NoDraft)
        {
            Storm = attached > 0 ? Storm : null,
            Received = SampleMails.Received(row, At),
        };
    }

    private StormView Storm => new(CauseKind.Vendor, "tokyo-idc", new Text("東京データセンター", "Tokyo IDC"),
    [
        new StormHostView("vm01", "198.51.100.21", At(-372), null, null, null),
        new StormHostView("mail01", "198.51.100.25", At(-371), StormExit.Back, At(-90), null),
    ]);

    // An item that works now had failed when its incident began: what was seen then is told of it, and its views stay those of now.
    private static ItemRow Failed(ItemRow item) => item.Severity != CheckStatus.Ok ? item : item with
    {
        Severity = CheckStatus.Critical,
        Reach = Reach.Down,
        NoValue = true,
        Evidence = [.. item.Evidence.Select(e => e with { Vote = VoteKind.Transport, Status = CheckStatus.Critical, NoValue = NoValue.Refused, Output = "TCP CRITICAL - connection refused (198.51.100.25:110)" })],
    };

    private ItemRow ItemOf(string host, string service)
    {
        var row = hosts.First(h => h.Host == host);
        return service.Length == 0 ? row.Alive! : row.Services.First(s => s.Service == service);
    }

    private static string Subject(ItemRow item, string kind) => item.Service.Length == 0
        ? $"** {kind} Host Alert: {item.Host} is {(kind == "RECOVERY" ? "UP" : "DOWN")} **"
        : $"** {kind} Service Alert: {item.Host}/{item.Service} is {(kind == "RECOVERY" ? "OK" : ConsoleTextParts.Status(item.Severity, host: false))} **";

    private IReadOnlyList<StepView> Middle() => SampleRunbooks.With(
        (1, new StepRunView(1, "sato", At(-1290), At(-1284), StepOutcome.Done, null, "tokyo: CRITICAL (02:41:30)\nosaka: CRITICAL (02:41:31)", RespondText.StillFailing)),
        (2, new StepRunView(1, "sato", At(-1260), At(-1258), StepOutcome.Done, 0, "active", RespondText.ExitCode(0))),
        (3, new StepRunView(1, "sato", At(-1230), At(-1229), StepOutcome.Done, 0, "4月 14 02:44:10 web02 nginx[812]: " + SampleHosts.Script + "\n4月 14 02:44:11 web02 nginx[812]: \u001b[31merror\u001b[0m: worker exited on signal 9", RespondText.ExitCode(0))));

    private IReadOnlyList<StepView> UnknownStep() => SampleRunbooks.With(
        (1, new StepRunView(1, "sato", At(-1290), At(-1284), StepOutcome.Done, null, "tokyo: CRITICAL\nosaka: CRITICAL", RespondText.StillFailing)),
        (2, new StepRunView(1, "sato", At(-1260), At(-1258), StepOutcome.Done, 0, "active", RespondText.ExitCode(0))),
        (3, new StepRunView(1, "sato", At(-1230), At(-1229), StepOutcome.Done, 0, "no entries", RespondText.ExitCode(0))),
        (4, new StepRunView(1, "sato", At(-1200), At(-1100), StepOutcome.Unknown, null, "", RespondText.LineCut)));

    private IReadOnlyList<StepView> Done() => SampleRunbooks.With(
        (1, new StepRunView(1, "sato", At(-3600), At(-3594), StepOutcome.Done, null, "tokyo: CRITICAL\nosaka: CRITICAL", RespondText.StillFailing)),
        (2, new StepRunView(1, "sato", At(-3580), At(-3578), StepOutcome.Done, 0, "failed", RespondText.ExitCode(0))),
        (3, new StepRunView(1, "sato", At(-3560), At(-3559), StepOutcome.Done, 0, "oom-kill", RespondText.ExitCode(0))),
        (4, new StepRunView(1, "sato", At(-3500), At(-3498), StepOutcome.Done, 0, "", RespondText.ExitCode(0))),
        (5, new StepRunView(1, "sato", At(-3400), At(-3100), StepOutcome.Done, null, "tokyo: OK\nosaka: OK\ntokyo: OK\nosaka: OK", RespondText.Verified(2))));

    private static ReportParts Draft(ItemRow item) => new(
        $"発生日時: 2026/04/14(火) 02:39 JST (検知) / 対応開始: 02:42 (検知メールから3分10秒)\n検知内容: {item.Host}/{item.Service} {item.Evidence[0].Output} (東京・大阪の両拠点で確認)",
        "",
        "02:42 対応開始 (佐藤)\n02:42 手順1 再確認: 継続中\n02:43 手順2 プロセス確認: active\n02:43 更新ジョブが3日前から失敗していることを確認",
        "1順目: 田中様 不在 / 山本様 留守番電話に伝言");
}
