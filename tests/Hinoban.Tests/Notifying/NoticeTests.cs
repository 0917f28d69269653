using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Notifying;

/// <summary>Who is told what, and in which words.</summary>
public sealed class NoticeTests
{
    private static readonly DateTimeOffset At = Sample.Detected;

    private static readonly Opened OpenedEvent = new(At, "engine", Sample.Problem(), Reach.Reached, CheckStatus.Critical, false, [Sample.Failing("tokyo")]);
    private static readonly Recovered RecoveredEvent = new(At, "engine", [Sample.Working("tokyo")], RecoveryReason.SeenWorking);

    private static readonly NoticeDecided Told = new(At, "engine", NoticeKind.Alert, NoticeReason.NewProblem, true, "key", "subject");

    public static TheoryData<string> Histories { get; } = ["", "A", "a", "AR", "Ar", "aR", "ARA", "ARAR", "ARAr", "AUPR", "APU", "AUaP"];

    [Fact]
    public void Each_change_has_its_decision()
    {
        Assert.Equal(new NoticeDecision(NoticeKind.Alert, NoticeReason.NewProblem, true), NoticeRules.Decide([], OpenedEvent, hasMembers: true));
        Assert.Equal(new NoticeDecision(NoticeKind.Alert, NoticeReason.NoMembers, false), NoticeRules.Decide([], OpenedEvent, hasMembers: false));
        Assert.Equal(
            new NoticeDecision(NoticeKind.Alert, NoticeReason.SameProblem, false),
            NoticeRules.Decide([OpenedEvent, Told], new SeverityChanged(At, "engine", CheckStatus.Critical, CheckStatus.Warning, []), hasMembers: true));
        Assert.Equal(
            new NoticeDecision(NoticeKind.Alert, NoticeReason.WorseProblem, true),
            NoticeRules.Decide(
                [OpenedEvent with { Severity = CheckStatus.Warning }, Told],
                new SeverityChanged(At, "engine", CheckStatus.Warning, CheckStatus.Critical, []),
                hasMembers: true));
        Assert.Equal(
            new NoticeDecision(NoticeKind.Alert, NoticeReason.HostIsDown, false),
            NoticeRules.Decide([OpenedEvent], new ServiceAttached(At, "engine", new ItemId(3), "http", CheckStatus.Critical, ""), hasMembers: true));
        Assert.Equal(new NoticeDecision(NoticeKind.Recovery, NoticeReason.NeverAlerted, false), NoticeRules.Decide([OpenedEvent], RecoveredEvent, hasMembers: true));
        Assert.Null(NoticeRules.Decide([OpenedEvent], new Claimed(At, "sato", "佐藤"), hasMembers: true));
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_recovery_is_owed_from_a_told_alert_to_the_told_recovery(string history)
    {
        // A, R told; a, r decided against; P a report, U an update.
        var events = history.Select(Notice).ToList();
        var alerted = history.LastIndexOf('A');
        var owed = alerted >= 0 && history.IndexOf('R', alerted) < 0;

        Assert.Equal(owed, NoticeRules.OwesRecovery(events));
        var decision = NoticeRules.Decide(events, RecoveredEvent, hasMembers: true)!;
        Assert.Equal((owed, owed ? NoticeReason.OwedRecovery : NoticeReason.NeverAlerted), (decision.Told, decision.Reason));
    }

    [Fact]
    public void Keys_count_up_within_the_incident_and_make_the_thread()
    {
        var problem = Sample.Problem();
        var events = new List<IncidentEvent>();
        foreach (var (kind, key) in new[]
        {
            (NoticeKind.Alert, "sample-trading.12.3.alert.1"), (NoticeKind.Recovery, "sample-trading.12.3.recovery.1"),
            (NoticeKind.Report, "sample-trading.12.3.report.1"), (NoticeKind.Report, "sample-trading.12.3.report.2"),
        })
        {
            var thread = MailThread.Of(events);
            Assert.Equal(key, thread.NextKey(problem, kind));
            events.Add(new NoticeDecided(At, "engine", kind, NoticeReason.NewProblem, true, key, ""));
        }

        Assert.Equal(4, MailThread.Of(events).Keys.Count);
    }

    [Fact]
    public void The_list_is_expanded_once_per_address_and_the_desk_keeps_its_mark()
    {
        var options = Sample.Options();
        var list = Sample.Customer(
            Language.Ja, "utf-8", Sample.Member("tanaka"), new MemberPlan("Tanaka", "TANAKA@example.test", true, false), new MemberPlan("", "", false, Desk: true), new MemberPlan("night", options.DeskMailbox, false, false)).MailingList;

        var recipients = ListRecipients.Of(list, options);
        Assert.Equal([new OutboxRecipient("tanaka@example.test", false), new OutboxRecipient(options.DeskMailbox, true)], recipients);

        // Without a mailbox of its own the desk has no copy.
        var without = list with { Members = [Sample.Member("tanaka"), new MemberPlan("", "", false, Desk: true)] };
        Assert.Equal([new OutboxRecipient("tanaka@example.test", false)], ListRecipients.Of(without, options with { DeskMailbox = "" }));
    }

    [Fact]
    public void A_japanese_alert_reads_so()
    {
        var mail = Sample.Alert();
        Assert.Equal("** PROBLEM Service Alert: web01/http is CRITICAL ** [sample-trading INC-260414-0007]", mail.Subject);
        Assert.Equal(
            """
            サンプル商事株式会社 ご担当者様

            監視センターです。下記の障害を検知いたしましたので、お知らせいたします。

            通知種別: PROBLEM (障害検知)
            インシデント番号: INC-260414-0007
            契約番号: MC-1023
            ホスト: web01 企業サイト (192.0.2.10)
            監視項目: http
            状態: CRITICAL (前回 OK)
            検知日時: 2026/04/14(火) 02:13:20 JST
            最初の異常: 2026/04/14(火) 02:11:22 JST
            拠点判定: tokyo=NG osaka=NG
            取得値: HTTP CRITICAL - 503 Service Unavailable, 0.214 s
            しきい値: WARN 3秒 / CRIT 8秒 / ステータス 200
            一次対応: 手順 restart-web (Webサービスの再起動)
            監視仕様書: 第4版

            担当者が確認を始めます。対応の結果は、このメールへの返信でお知らせいたします。

            """.ReplaceLineEndings("\n"),
            mail.Body);
        Assert.Equal(["tanaka@example.test", "yamamoto@example.test", "desk@example.test"], mail.Recipients.Select(r => r.Address));
        Assert.True(mail.Automatic);
    }

    [Fact]
    public void An_english_recovery_reads_so()
    {
        var facts = Sample.Facts(Sample.Customer(Language.En), "http", Sample.Working("tokyo"), Sample.Working("osaka")) with { RecoveredUtc = Sample.Detected.AddMinutes(33) };
        var mail = NoticeMails.Recovery(facts, new MailThread(["sample-trading.12.3.alert.1"]), Sample.Options(), Sample.Detected.AddMinutes(33));
        Assert.Equal("** RECOVERY Service Alert: web01/http is OK ** [sample-trading INC-260414-0007]", mail.Subject);
        Assert.Equal(["sample-trading.12.3.alert.1"], mail.References);
        Assert.Equal(
            """
            To Sample Trading,

            This is the monitoring centre. The following problem has recovered.

            Notification: RECOVERY
            Incident: INC-260414-0007
            Contract: MC-1023
            Host: web01 corporate site (192.0.2.10)
            Item: http
            State: OK (was CRITICAL)
            Recovered: 2026-04-14 02:46:20 +09:00
            Detected: 2026-04-14 02:13:20 +09:00
            Duration: 33m 00s
            Sites: tokyo=OK osaka=OK
            Output: HTTP OK - 200, 0.182 s

            A response report will follow.

            """.ReplaceLineEndings("\n"),
            mail.Body);
    }

    [Fact]
    public void Both_languages_are_japanese_then_english()
    {
        var body = Sample.Alert(Sample.Customer(Language.Both)).Body;
        Assert.Equal(Sample.Alert().Body + "\n--- English ---\n\n" + Sample.Alert(Sample.Customer(Language.En)).Body, body);
    }

    [Theory]
    [InlineData(nameof(Judgement.Hold), "状態: CRITICAL (監視の開始時から異常)\n", "State: CRITICAL (failing since it is watched)\n")]
    [InlineData(nameof(Judgement.Working), "状態: CRITICAL (前回 OK)\n", "State: CRITICAL (was OK)\n")]
    [InlineData(nameof(Judgement.Failing), "状態: CRITICAL\n", "State: CRITICAL\n")]
    [InlineData(null, "状態: CRITICAL (前回 OK)\n", "State: CRITICAL (was OK)\n")]
    public void What_was_before_is_said_only_where_something_was(string? stood, string ja, string en)
    {
        var facts = Sample.Facts() with { Stood = stood is null ? null : Enum.Parse<Judgement>(stood) };
        Assert.Contains(ja, NoticeMails.Alert(facts, Sample.NoThread, Sample.Options(), At).Body, StringComparison.Ordinal);
        Assert.Contains(en, NoticeMails.Alert(facts with { Customer = Sample.Customer(Language.En) }, Sample.NoThread, Sample.Options(), At).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_words_are_in_the_mails_language_and_say_once_why_there_is_no_value()
    {
        var facts = Sample.Facts(null, "http", Sample.Failing("tokyo", "HTTP CRITICAL - connection refused (192.0.2.10:80)", VoteKind.Transport, NoValue.Refused));
        var body = NoticeMails.Alert(facts, Sample.NoThread, Sample.Options(), At).Body;
        Assert.Contains("取得値: 取得不能 HTTP CRITICAL - 接続を拒否されました (192.0.2.10:80)\n", body, StringComparison.Ordinal);
        var english = NoticeMails.Alert(facts with { Customer = Sample.Customer(Language.En) }, Sample.NoThread, Sample.Options(), At).Body;
        Assert.Contains("Output: no value (connection refused) HTTP CRITICAL - connection refused (192.0.2.10:80)\n", english, StringComparison.Ordinal);
        var plugin = NoticeMails.Alert(facts with { Problem = facts.Problem with { Kind = "plugin", Thresholds = "check_http -H status" } }, Sample.NoThread, Sample.Options(), At).Body;
        Assert.Contains("取得値: 取得不能 (接続を拒否されました) HTTP CRITICAL - connection refused (192.0.2.10:80)\nしきい値: check_http -H status\n", plugin, StringComparison.Ordinal);
    }

    [Fact]
    public void Sites_that_got_different_things_are_told_apart_and_no_value_is_named()
    {
        var facts = Sample.Facts(
            null, "http", Sample.Failing("tokyo", "connect to 192.0.2.10 port 80", VoteKind.Transport, NoValue.TimedOut), Sample.Failing("osaka", "", VoteKind.Transport, NoValue.Refused),
            Sample.Failing("nagoya", "old", VoteKind.VoidSilent)) with
        { SingleSite = false };
        var body = NoticeMails.Alert(facts, Sample.NoThread, Sample.Options(), At).Body;
        Assert.Contains("拠点判定: tokyo=NG osaka=NG nagoya=拠点通信断\n", body, StringComparison.Ordinal);
        Assert.Contains("取得値 (tokyo): 取得不能 (時間内に応答がありません) connect to 192.0.2.10 port 80\n", body, StringComparison.Ordinal);
        Assert.Contains("取得値 (osaka): 取得不能 (接続を拒否されました)\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("old", body, StringComparison.Ordinal);
        Assert.DoesNotContain("片系", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_site_judgement_says_so()
    {
        var facts = Sample.Facts(null, "http", Sample.Failing("tokyo"), Sample.Failing("osaka", "", VoteKind.VoidSilent)) with { SingleSite = true };
        Assert.Contains("※片系 (1拠点) での判定です。他の拠点の監視結果が得られないため、tokyo の結果のみで判定しております。", NoticeMails.Alert(facts, Sample.NoThread, Sample.Options(), At).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_mail_lists_its_services()
    {
        var services = new List<ServiceLine> { new("http", CheckStatus.Critical, "connect: no route"), new("ssh", null, "") };
        services.AddRange(Enumerable.Range(0, 120).Select(n => new ServiceLine($"p{n}", CheckStatus.Unknown, "x")));
        var mail = NoticeMails.Alert(Sample.Facts(service: "") with { Services = services, Reach = Reach.Down }, Sample.NoThread, Sample.Options(), At);

        Assert.Equal("** PROBLEM Host Alert: web01 is DOWN ** [sample-trading INC-260414-0007]", mail.Subject);
        Assert.Contains("監視項目: ホスト監視\n状態: DOWN (前回 UP)\n", mail.Body, StringComparison.Ordinal);
        Assert.Contains("\n- http: CRITICAL connect: no route\n- ssh: 確認中\n", mail.Body, StringComparison.Ordinal);
        Assert.Contains("\n- ほか 22 項目\n", mail.Body, StringComparison.Ordinal);
        Assert.Equal("** RECOVERY Host Alert: web01 is UP ** [sample-trading INC-260414-0007]", NoticeMails.RecoverySubject(Sample.Problem(service: "")));
    }

    [Fact]
    public void A_plugin_cannot_write_lines_of_the_mail()
    {
        var body = NoticeMails.Alert(Sample.Facts(null, "http", Sample.Failing("tokyo", "x\n状態: OK\r\n.\r\n")), Sample.NoThread, Sample.Options(), At).Body;
        Assert.Single(body.Split('\n'), l => l.StartsWith("状態:", StringComparison.Ordinal));
        Assert.Contains("取得値: x\\n状態: OK\\r\\n.\\r\\n\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_item_is_not_called_working()
    {
        var mail = NoticeMails.Recovery(Sample.Facts() with { Evidence = [], RecoveredUtc = At.AddHours(1), Removed = true }, Sample.NoThread, Sample.Options(), At);
        Assert.Contains("監視対象から外れました", mail.Body, StringComparison.Ordinal);
        Assert.Contains("状態: 監視終了 (前回 CRITICAL)\n", mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_a_reply_from_a_person_with_its_four_parts()
    {
        var facts = Sample.Facts() with { RecoveredUtc = At.AddMinutes(33) };
        var parts = new ReportParts("web01 の HTTP が 503 を返しました。", "不明 (調査対象外)", "02:27 nginx を再起動しました。\r\n02:30 復旧を確認しました。", "1順目: 田中様 不在");
        var mail = ReportMail.Build(facts, new MailThread(["sample-trading.12.3.alert.1", "sample-trading.12.3.recovery.1"]), parts, interim: false, "佐藤 花子", Sample.Options(), At.AddHours(1));

        Assert.Equal("Re: 【対応報告】web01/http CRITICAL 復旧済 [sample-trading INC-260414-0007]", mail.Subject);
        Assert.Equal("監視センター (佐藤 花子)", mail.FromName);
        Assert.False(mail.Automatic);
        Assert.Contains("監視センターの佐藤 花子です。", mail.Body, StringComparison.Ordinal);
        Assert.Contains(
            "\n■発生状況\nweb01 の HTTP が 503 を返しました。\n\n■原因\n不明 (調査対象外)\n\n■対応内容\n02:27 nginx を再起動しました。\n02:30 復旧を確認しました。\n\n■電話連絡実施状況\n1順目: 田中様 不在\n",
            mail.Body,
            StringComparison.Ordinal);

        var interim = ReportMail.Build(Sample.Facts(Sample.Customer(Language.En)), Sample.NoThread, parts, interim: true, "Hanako Sato", Sample.Options(), At);
        Assert.Equal("Re: [Interim report 1] web01/http CRITICAL ongoing [sample-trading INC-260414-0007]", interim.Subject);
        var both = ReportMail.Build(facts with { Customer = Sample.Customer(Language.Both) }, Sample.NoThread, parts, interim: false, "Sato", Sample.Options(), At);
        Assert.Equal("Re: 【対応報告 / Response report】web01/http CRITICAL 復旧済 / recovered [sample-trading INC-260414-0007]", both.Subject);
        Assert.Contains("\n■原因 / Cause\n", both.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_is_automatic_and_in_the_thread()
    {
        var update = UpdateMail.Build(Sample.Facts(), Sample.NoThread, Text.Same("設定エラーのため再起動しておりません。"), Sample.Options(), At);
        Assert.Equal("Re: 【ご連絡】web01/http CRITICAL 継続中 [sample-trading INC-260414-0007]", update.Subject);
        Assert.True(update.Automatic);
        Assert.Equal("sample-trading.12.3.update.1", update.Key);
    }

    [Theory]
    [InlineData(0, "0秒", "0s")]
    [InlineData(-5, "0秒", "0s")]
    [InlineData(59, "59秒", "59s")]
    [InlineData(1980, "33分00秒", "33m 00s")]
    [InlineData(3601, "1時間0分01秒", "1h 0m 01s")]
    [InlineData(93784, "1日2時間3分04秒", "1d 2h 3m 04s")]
    public void Durations_read_so(int seconds, string ja, string en)
    {
        Assert.Equal(ja, MailTime.Span(TimeSpan.FromSeconds(seconds), Language.Ja));
        Assert.Equal(en, MailTime.Span(TimeSpan.FromSeconds(seconds), Language.En));
    }

    [Fact]
    public void Other_zones_are_written_with_their_offset()
    {
        var newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        Assert.Equal("2026/04/13(月) 13:13:20 -04:00", MailTime.At(Sample.Detected, newYork, Language.Ja));
        Assert.Equal("2026/04/13(月) 17:13:20 UTC", MailTime.At(Sample.Detected, TimeZoneInfo.Utc, Language.Ja));
    }

    private static IncidentEvent Notice(char letter) => new NoticeDecided(
        At,
        "engine",
        char.ToUpperInvariant(letter) switch { 'A' => NoticeKind.Alert, 'R' => NoticeKind.Recovery, 'P' => NoticeKind.Report, _ => NoticeKind.Update },
        NoticeReason.NewProblem,
        Told: char.IsUpper(letter),
        MailKey: "",
        Subject: "");
}
