using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using static Hinoban.Tests.Results.SomeHits;

namespace Hinoban.Tests.Notifying;

/// <summary>What mails say of log hits, whatever stands in the log.</summary>
public sealed class LogMailTests
{
    private static readonly Moment Now = new(Sample.Detected, TimeSpan.Zero);

    [Fact]
    public void An_alert_shows_each_record_with_what_stands_around_it_and_promises_no_recovery()
    {
        var mail = NoticeMails.Alert(Facts(Language.Ja, Hit(1), Hit(2, CheckStatus.Critical, suppressed: 7)), Sample.NoThread, Sample.Options(), Sample.Detected);
        Assert.Equal("** PROBLEM Service Alert: web01/http is CRITICAL ** [sample-trading INC-260414-0007]", mail.Subject);
        Assert.Equal("sample-trading.12.log3.alert.1", mail.Key);
        Assert.Contains(
            """
            サンプル商事株式会社 ご担当者様

            監視センターです。ログに下記の記録を検知いたしましたので、お知らせいたします。
            ※ログ検知は発生した事象のお知らせです。自動的に復旧するものではないため、復旧のメールはお送りいたしません。

            通知種別: PROBLEM (ログ検知)
            """.ReplaceLineEndings("\n"),
            mail.Body);
        Assert.Contains("検知件数: 2 件 (このほか、上限を超えたため件数のみを数えた記録 7 件)\n", mail.Body);
        Assert.Contains("\n\n[2] WARNING ルール match1\nログ: /var/log/messages\n読取日時: 2026/04/14(火) 12:00:01", mail.Body);
        Assert.Contains("    before 1\n  * Error: line 1\n    after 1\n", mail.Body);
        Assert.Contains("    (上限を超えたため、さらに 7 件は件数のみ)\n", mail.Body);
        Assert.DoesNotContain("復旧を検知", mail.Body);
    }

    [Fact]
    public void Both_languages_say_the_same_and_english_alone_is_english()
    {
        var both = NoticeMails.Alert(Facts(Language.Both, Hit(1)), Sample.NoThread, Sample.Options(), Sample.Detected).Body;
        Assert.Contains("ログに下記の記録を検知いたしました", both);
        Assert.Contains(NoticeText.EnglishRule, both);
        var english = NoticeMails.Alert(Facts(Language.En, Hit(1)), Sample.NoThread, Sample.Options(), Sample.Detected).Body;
        Assert.Contains("Note: a log hit is an event. It does not recover by itself, and no recovery mail will follow.", english);
        Assert.Contains("[1] WARNING rule match1\nLog: /var/log/messages\nRead: ", english);
        Assert.DoesNotContain("ログ", english);
    }

    [Fact]
    public void An_update_counts_what_followed_and_all_there_was()
    {
        var log = Log(Hit(1)).With(new NoticeDecided(Now.Utc, "engine", NoticeKind.Alert, NoticeReason.NewProblem, true, "k", "s")).With(Found([.. Enumerable.Range(2, 13).Select(i => Hit(i))]));
        var facts = Facts(Language.Ja, Hit(1)) with { Log = log };
        var mail = LogMail.Update(facts, new MailThread(["sample-trading.12.log3.alert.1"]), Sample.Options(), Sample.Detected);
        Assert.Equal("Re: 【ログ検知 続報 13件】web01/http CRITICAL [sample-trading INC-260414-0007]", mail.Subject);
        Assert.Equal(NoticeKind.Update, mail.Kind);
        Assert.Contains("検知件数: 13 件、累計 14 件\n", mail.Body);
        Assert.Contains("\nほか 3 件の記録は、監視センターのインシデントの画面でご覧いただけます。\n", mail.Body);
        Assert.DoesNotContain("Error: line 1\n", mail.Body);
        var both = LogMail.Update(facts with { Customer = Sample.Customer(Language.Both) }, Sample.NoThread, Sample.Options(), Sample.Detected);
        Assert.Equal("Re: 【ログ検知 続報 13件 / 13 more log hits】web01/http CRITICAL [sample-trading INC-260414-0007]", both.Subject);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("iso-2022-jp")]
    public void Whatever_stands_in_the_log_adds_no_header_and_no_line_that_looks_like_one_of_ours(string charset)
    {
        var hostile = new LogHit(
            new string('a', 32), "r\r\nBcc: thief@example.test", CheckStatus.Critical, Noon, "/var\r\nBcc: thief@example.test", 1,
            "x\r\nBcc: thief@example.test\r\n\r\n.\r\n\u001b[31m\u202e\ud800 髙①ｱ 👩‍👩‍👧 \0" + new string('x', 5000), ["\r\n.\r\n"], ["Subject: other\nTo: x"]);
        var facts = Facts(Language.Ja, hostile) with { Customer = Sample.Customer(Language.Ja, charset) };
        foreach (var mail in new[] { NoticeMails.Alert(facts, Sample.NoThread, Sample.Options(), Sample.Detected), LogMail.Update(facts, Sample.NoThread, Sample.Options(), Sample.Detected) })
        {
            var parsed = Sample.Parse(MailComposer.Compose(mail, Sample.Options()));
            Assert.DoesNotContain(parsed.Headers, h => h[0].Equals("Bcc", StringComparison.OrdinalIgnoreCase));
            Assert.All(parsed.Body.Split('\n'), l => Assert.False(l.StartsWith("Bcc:", StringComparison.Ordinal) || l.StartsWith("Subject:", StringComparison.Ordinal), l));
            Assert.DoesNotContain(parsed.Body, c => c is '\u001b' or '\u202e');
        }
    }

    private static LogHitsFound Found(params IReadOnlyList<LogHit> hits) => LogRules.Found(LogFold.Nothing, new SiteName("tokyo"), hits, Now);

    private static LogFold Log(params LogHit[] hits) => LogFold.Nothing.With(Found(hits));

    private static NoticeFacts Facts(Language language, params LogHit[] hits)
    {
        var facts = Sample.Facts(Sample.Customer(language));
        return facts with { Problem = facts.Problem with { Episode = -3 }, Log = Log(hits) };
    }
}
