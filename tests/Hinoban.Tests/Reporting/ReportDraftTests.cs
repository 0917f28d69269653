using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Reporting;
using Hinoban.States;
using Hinoban.Tests.Responding;

namespace Hinoban.Tests.Reporting;

/// <summary>Drafts as a customer would read them.</summary>
public sealed class ReportDraftTests
{
    private static readonly Story Restarted = Story.Opened()
        .Accepted("0:04")
        .Claim("4:05")
        .Ran("5:10", 1)
        .Ran("5:40", 2, exit: 3)
        .Ran("6:02", 3, exit: 0)
        .Note("6:40", "ディスクとメモリに異常なし")
        .Note("6:45", "引き継ぎ用の内部メモ", forReport: false)
        .Ran("7:15", 4, exit: 0)
        .Ran("7:40", 5)
        .Recover("7:55");

    [Fact]
    public void In_Japanese()
    {
        var draft = Draft(Restarted, Language.Ja);

        Assert.Equal(
            """
            対象: 企業サイト web01/http (192.0.2.10)
            発生日時: 2026/04/14(火) 02:12:05 JST
            検知日時: 2026/04/14(火) 02:13:20 JST
            検知内容: CRITICAL HTTP CRITICAL - 503 Service Unavailable, 0.214 s
            確認拠点: tokyo、osaka
            対応開始: 02:17 (検知メールの受信から4分01秒)
            復旧日時: 2026/04/14(火) 02:21:15 JST (検知から7分55秒)
            仕様書: 第4版 / 手順書: Webサービスの再起動
            """,
            draft.Situation);
        Assert.Equal("", draft.Cause);
        Assert.Equal(
            """
            02:17 対応を開始しました(担当: 佐藤)
            02:18 手順1 再確認: 障害の継続を確認
            02:19 手順2 確認 [web01] systemctl is-active nginx: 終了コード 3
            02:19 手順3 確認 [web01] sudo nginx -t: 終了コード 0
            02:20 ディスクとメモリに異常なし
            02:20 手順4 変更 [web01] sudo systemctl restart nginx: 実施しました(終了コード 0)
            02:21 手順5 復旧確認: 全拠点から正常を確認
            """,
            draft.Actions);
        Assert.Equal("電話連絡は行っていません。", draft.Calls);
    }

    [Fact]
    public void In_English()
    {
        var draft = Draft(Restarted, Language.En);

        Assert.Equal(
            """
            Target: corporate site web01/http (192.0.2.10)
            First failure: 2026-04-14 02:12:05 +09:00
            Detected: 2026-04-14 02:13:20 +09:00
            Finding: CRITICAL HTTP CRITICAL - 503 Service Unavailable, 0.214 s
            Seen from: tokyo, osaka
            Response started: 02:17 (4m01s after the alert mail)
            Recovered: 2026-04-14 02:21:15 +09:00 (7m55s after detection)
            Specification: edition 4 / procedure: Restart the web service
            """,
            draft.Situation);
        Assert.Equal(
            """
            02:17 response started by 佐藤
            02:18 Step 1, re-check: still failing
            02:19 Step 2, read [web01] systemctl is-active nginx: exit code 3
            02:19 Step 3, read [web01] sudo nginx -t: exit code 0
            02:20 ディスクとメモリに異常なし
            02:20 Step 4, change [web01] sudo systemctl restart nginx: carried out (exit code 0)
            02:21 Step 5, verify: OK from all sites
            """,
            draft.Actions);
        Assert.Equal("No telephone calls were made.", draft.Calls);
    }

    [Fact]
    public void In_both_languages_each_part_has_both_and_the_cause_stays_empty()
    {
        var draft = Draft(Restarted, Language.Both);

        Assert.Equal($"{Draft(Restarted, Language.Ja).Actions}\n--- English ---\n{Draft(Restarted, Language.En).Actions}", draft.Actions);
        Assert.Equal("電話連絡は行っていません。\n--- English ---\nNo telephone calls were made.", draft.Calls);
        Assert.Equal("", draft.Cause);
        Assert.Equal(ReportPart.Cause, Assert.Single(ReportRules.Check(draft, interim: false)).Part);
    }

    [Fact]
    public void A_restart_that_did_not_help_and_the_calls_after_it()
    {
        var draft = Draft(Story.Opened()
            .Accepted("0:04").Claim("4:05").Ran("5:10", 1).Ran("5:40", 2, exit: 3).Ran("6:02", 3, exit: 0)
            .Ran("7:15", 4, StepOutcome.Failed, 1)
            .Call("17:45", "田中 一郎", CallOutcome.NoAnswer)
            .Call("18:50", "山本 花子", CallOutcome.VoicemailMessage, "定型伝言A", "8901")
            .Call("24:42", "田中 一郎", CallOutcome.ReachedPerson, "手順の失敗を説明。OS再起動のご指示"), Language.Ja);

        Assert.Contains("現在の状態: 継続中(2026/04/14(火) 02:43:20 JST時点)", draft.Situation);
        Assert.Contains("02:20 手順4 変更 [web01] sudo systemctl restart nginx: 実行しましたが失敗しました(終了コード 1)", draft.Actions);
        Assert.Equal(
            """
            1順目
              02:31 田中 一郎様 (末尾4567) 不在
              02:32 山本 花子様 (末尾8901) 留守番電話(伝言あり): 定型伝言A
            2順目
              02:38 田中 一郎様 (末尾4567) 応答(ご本人): 手順の失敗を説明。OS再起動のご指示
            結果: ご連絡がつきました
            """,
            draft.Calls);
    }

    [Fact]
    public void Nobody_reached_is_said()
    {
        var draft = Draft(Story.Opened().Call("17:45", "田中 一郎", CallOutcome.Busy).Call("18:00", "山本 花子", CallOutcome.NoAnswer, tail: ""), Language.En);

        Assert.Equal("Round 1\n  02:31 田中 一郎 (…4567) busy\n  02:31 山本 花子 no answer\nResult: nobody was reached", draft.Calls);
    }

    [Fact]
    public void A_natural_recovery_says_that_nothing_was_touched()
    {
        var draft = Draft(Story.Opened().Accepted("0:04").Recover("3:00"), Language.Ja);

        Assert.Contains("対応開始: 未対応", draft.Situation);
        Assert.Equal("対応の開始前に自然復旧しました。\nお客様のサーバーへの操作は行っていません。", draft.Actions);
    }

    [Fact]
    public void A_change_that_was_not_needed_and_one_that_never_logged_in_are_not_called_done()
    {
        var draft = Draft(
            Story.Opened().Claim("4:05").Ran("7:15", 4, StepOutcome.NotNeeded).Ran("8:15", 4, StepOutcome.Failed, run: 2), Language.Ja);

        Assert.Equal(
            """
            02:17 対応を開始しました(担当: 佐藤)
            02:20 手順4 変更 [web01] sudo systemctl restart nginx: 直前の再確認で障害が解消していたため、実行していません
            02:21 手順4 変更 [web01] sudo systemctl restart nginx: 実行していません
            お客様のサーバーへの操作は行っていません。
            """,
            draft.Actions);
    }

    [Fact]
    public void An_unknown_outcome_is_told_and_how_a_person_settled_it()
    {
        var draft = Draft(
            Story.Opened().Claim("4:05").Ran("7:15", 4, StepOutcome.Unknown).End("12:00", 4, StepOutcome.Done, because: "uptimeで再起動を確認", by: Story.Lead),
            Language.Ja);

        Assert.Contains("02:20 手順4 変更 [web01] sudo systemctl restart nginx: 実行しましたが、結果を確認できませんでした\n02:25 手順4 変更: 実施済みと確認しました (uptimeで再起動を確認)", draft.Actions);
        Assert.DoesNotContain("操作は行っていません", draft.Actions);
    }

    [Fact]
    public void No_value_one_site_and_changes_on_the_way_are_told()
    {
        var draft = Draft(
            Story.Opened(CheckStatus.Unknown, single: true, evidence: [Story.Saw("tokyo", VoteKind.Transport, "connect: timed out", NoValue.TimedOut), Story.Saw("osaka", VoteKind.VoidSilent, "")])
                .Add(new SeverityChanged(Story.At("1:00"), "engine", CheckStatus.Unknown, CheckStatus.Critical, []))
                .Recover("9:00"),
            Language.Ja);

        Assert.Contains("検知内容: UNKNOWN (取得不能) connect: timed out", draft.Situation);
        Assert.Contains("確認拠点: tokyo (1拠点のみで判定(片系))", draft.Situation);
        Assert.Contains("状態の変化: 02:14 UNKNOWN → CRITICAL\n", draft.Situation);
        Assert.Contains("復旧日時: 2026/04/14(火) 02:22:20 JST (検知から9分00秒)", draft.Situation);
    }

    [Fact]
    public void A_host_that_is_down_lists_its_services()
    {
        var draft = Draft(
            Story.Opened(facts: Story.Facts with { Service = "" }, evidence: [Story.Saw("tokyo", VoteKind.Transport, "PING CRITICAL - Packet loss = 100%")])
                .Add(new ServiceAttached(Story.At("0:10"), "engine", new ItemId(7), "http", CheckStatus.Critical, "refused"))
                .Add(new ServiceAttached(Story.At("0:11"), "engine", new ItemId(8), "ssh", CheckStatus.Critical, "refused")),
            Language.Ja);

        Assert.Contains("対象: 企業サイト web01 (192.0.2.10)\n", draft.Situation);
        Assert.Contains("検知内容: DOWN PING CRITICAL - Packet loss = 100%", draft.Situation);
        Assert.Contains("同時に停止したサービス: http、ssh", draft.Situation);
    }

    [Fact]
    public void Times_on_another_day_carry_their_date_and_another_zone_its_offset()
    {
        var story = Story.Opened().Claim("4:05").Note("1500:00", "翌日の確認");
        var paris = ReportDraft.From(Story.Facts, story.Events, Story.Plan with { TimeZone = "Europe/Paris" }, Language.Ja, Story.At("1600:00"));

        Assert.Contains("04/15 03:13 翌日の確認", Draft(story, Language.Ja).Actions);
        Assert.Contains("検知日時: 2026/04/13(月) 19:13:20 +02:00", paris.Situation);
    }

    [Fact]
    public void Text_from_machines_cannot_break_out_of_its_line()
    {
        var draft = Draft(
            Story.Opened(evidence: [Story.Saw("tokyo", VoteKind.Answer, "a\r\n復旧日時: 嘘\u202E\e[31m\0" + new string('x', 5000))])
                .Claim("4:05").Note("5:00", "一行目\r\n二行目\u2028三行目"),
            Language.Ja);

        Assert.Equal(8, draft.Situation.Split('\n').Length);
        Assert.DoesNotContain("\n復旧日時", draft.Situation);
        Assert.DoesNotContain(draft.Situation + draft.Actions, c => c != '\n' && char.IsControl(c));
        Assert.DoesNotContain('\u202E', draft.Situation);
        Assert.True(draft.Situation.Length < 600);
        Assert.Contains("02:18 一行目\n      二行目", draft.Actions);
    }

    private static ReportParts Draft(Story story, Language language) =>
        ReportDraft.From(Story.Facts with { Service = story.Events.OfType<Opened>().Single().Problem.Service }, story.Events, Story.Plan, language, Story.At("30:00"));
}
