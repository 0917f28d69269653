using System.Text;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.Specs;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>Who wrote a mail: a person, a machine, a list, a mail system, or we ourselves; and what follows from it.</summary>
public sealed class KindTests
{
    private const string Domain = "hinoban.example.jp";

    [Theory]
    [InlineData("", "t@a.jp", "Person")]
    [InlineData("Auto-Submitted: no\n", "t@a.jp", "Person")]
    [InlineData("", "", "NoSender")]
    [InlineData("Auto-Submitted: auto-replied\n", "", "Automatic")] // as RFC 3834 has a holiday answer sent
    [InlineData("X-Vacation: yes\n", "", "Automatic")]
    [InlineData("", "owner-x@a.jp", "Automatic")]
    [InlineData("Auto-Submitted: auto-replied\n", "t@a.jp", "Automatic")]
    [InlineData("Auto-Submitted: auto-generated; x=y\n", "t@a.jp", "Automatic")]
    [InlineData("X-Autoreply: yes\n", "t@a.jp", "Automatic")]
    [InlineData("Precedence: auto_reply\n", "t@a.jp", "Automatic")]
    [InlineData("Precedence: bulk\n", "t@a.jp", "Bulk")]
    [InlineData("List-Id: <other.example.net>\n", "t@a.jp", "Bulk")]
    [InlineData("List-Id: <hinoban@hinoban.example.jp>\n", "t@a.jp", "Loop")]
    [InlineData("X-Loop: hinoban@hinoban.example.jp\n", "t@a.jp", "Loop")]
    [InlineData("Message-ID: <c.1.1.alert.1@hinoban.example.jp>\n", "t@a.jp", "Loop")]
    [InlineData("Message-ID: <c.1.1.alert.1@other.example.jp>\n", "t@a.jp", "Person")]
    [InlineData("Message-ID: <c.post.17@hinoban.example.jp>\n", "t@a.jp", "Loop")]
    [InlineData("Message-ID: <20260414021320.4F1B@hinoban.example.jp>\n", "t@a.jp", "Person")] // of the MTA on this machine
    [InlineData("Message-ID: <6f1c2b7e-0d0a-4c53-9a41@hinoban.example.jp>\n", "t@a.jp", "Person")] // of a colleague's mail program
    [InlineData("Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: message/disposition-notification\n\nx\n--b--\n", "t@a.jp", "Automatic")]
    [InlineData("Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nx\n--b--\n", "t@a.jp", "OtherReport")]
    [InlineData("Auto-Submitted:\n", "t@a.jp", "Person")]
    [InlineData("Auto-Submitted: x\n", "t@a.jp", "Automatic")] // whatever is not "no"
    [InlineData("Auto-Submitted: No (a person)\n", "t@a.jp", "Person")]
    [InlineData("Precedence: junk\n", "t@a.jp", "Automatic")]
    [InlineData("Precedence: list\n", "t@a.jp", "Bulk")]
    [InlineData("List-Unsubscribe: <x>\n", "t@a.jp", "Bulk")]
    [InlineData("List-Post: <x>\n", "t@a.jp", "Bulk")]
    [InlineData("Mailing-List: x\n", "t@a.jp", "Bulk")]
    [InlineData("X-ML-Name: x\n", "t@a.jp", "Bulk")]
    [InlineData("Feedback-ID: x\n", "t@a.jp", "Bulk")]
    [InlineData("X-Loop: other@example.net\nList-Id: <hinoban@hinoban.example.jp>\n", "t@a.jp", "Loop")]
    [InlineData("Message-ID: <c.1.1.alert.1@other.example.jp>\nX-Loop: hinoban@hinoban.example.jp\n", "t@a.jp", "Loop")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nx\n--b--\n", "t@a.jp", "OtherReport")]
    public void A_mail_is_of_a_kind(string fields, string sender, string kind) =>
        Assert.Equal(kind, AutomaticRules.KindOf(MimeReader.Read(Posts.Mail(fields)), sender, Domain).ToString());

    [Theory]
    [InlineData("noreply@a.jp", "t@a.jp", "Automatic")]
    [InlineData("Tanaka <t@a.jp>, noreply@a.jp", "t@a.jp", "Automatic")]
    [InlineData("Tanaka <t@a.jp>, Sato <s@a.jp>", "t@a.jp", "Person")]
    [InlineData("Mail Delivery System <MAILER-DAEMON@a.jp>", "t@a.jp", "Automatic")] // it says nothing of a delivery
    public void A_writer_may_be_a_machine(string from, string sender, string kind) =>
        Assert.Equal(kind, AutomaticRules.KindOf(Posts.Read($"From: {from}\nSubject: hello\n\nhello\n"), sender, Domain).ToString());

    [Theory]
    [InlineData("Re: the alert", false)]
    [InlineData("自動応答: 不在にしております", true)]
    [InlineData("【自動返信】お問い合わせ", true)]
    [InlineData("[自動返信] お問い合わせ", true)]
    [InlineData("Out of Office: Re: alert", true)]
    [InlineData("Automatic reply: alert", true)]
    [InlineData("不在通知", true)]
    [InlineData("Re: 自動再起動の設定について", false)]
    public void Subjects_of_automatic_answers_are_known(string subject, bool automatic) => Assert.Equal(automatic, AutomaticRules.BySubject(subject));

    [Theory]
    [InlineData("failed", "5.1.1", "550 5.1.1 unknown user", "Failed", "5.1.1", true)]
    [InlineData("failed", "5.0.0", "550 5.7.26 DMARC", "Failed", "5.7.26", true)] // the words know better
    [InlineData("failed", "4.4.1", "connection timed out", "Failed", "4.4.1", false)]
    [InlineData("delayed", "4.4.1", "connection timed out", "Delayed", "4.4.1", false)]
    [InlineData("delivered", "2.0.0", "ok", "Delivered", "2.0.0", false)]
    public void A_report_says_what_became_of_the_mail(string action, string status, string words, string becomes, string code, bool permanent)
    {
        var report = DsnReader.Read(MimeReader.Read(Posts.Bounce(action, status, words)), "")!;
        Assert.Equal((becomes, code, permanent, "tanaka@sample.example.jp"), (report.Action.ToString(), report.Status, report.Permanent, report.Recipient));
    }

    [Fact]
    public void Reports_that_keep_to_no_standard_are_read_by_their_words()
    {
        var qmail = DsnReader.Read(Posts.Read("From: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n<a@b>:\n550 5.1.1 no such user here\n"), "")!;
        Assert.Equal((DsnAction.Failed, "5.1.1"), (qmail.Action, qmail.Status));
        var japanese = DsnReader.Read(Posts.Read("From: postmaster@x.example\nSubject: =?utf-8?B?6YCB5L+h44Gn44GN44G+44Gb44KT?=\n\n550 unknown user\n"), "x@y")!;
        Assert.Equal((DsnAction.Failed, "5.0.0"), (japanese.Action, japanese.Status));
        var delayed = DsnReader.Read(Posts.Read("From: MAILER-DAEMON@x.example\nSubject: Warning: could not send message for past 4 hours\n\nTHIS IS A WARNING MESSAGE ONLY. 4.4.1 host is down\n"), "")!;
        Assert.Equal(DsnAction.Delayed, delayed.Action);
        Assert.Null(DsnReader.Read(Posts.Read("From: Tanaka <t@a.jp>\nSubject: Re: delivery of the server\n\nThe server comes tomorrow.\n"), "t@a.jp"));
        Assert.Equal(DsnAction.Failed, DsnReader.ByAddress(Posts.Read("From: x@y\nSubject: ?\n\n?\n"), "").Action);
    }

    [Theory]
    [InlineData(InboundKind.Person, true, InboundStanding.Member)]
    [InlineData(InboundKind.Person, false, InboundStanding.Stranger)]
    [InlineData(InboundKind.Automatic, true, InboundStanding.Kept)]
    [InlineData(InboundKind.Bulk, true, InboundStanding.Kept)]
    [InlineData(InboundKind.Loop, true, InboundStanding.Kept)]
    [InlineData(InboundKind.DeliveryReport, true, InboundStanding.Kept)] // a report belongs to a bounce address
    internal void Only_a_member_who_is_a_person_posts(InboundKind kind, bool member, InboundStanding standing) => Assert.Equal(standing, InboundRules.OfPost(kind, member));

    [Theory]
    [InlineData("t@a.jp", "", "Re: メール送信エラーの件", "宛先は合っています。エラーの配信です。mail server", "Person")]
    [InlineData("t@a.jp", "", "Re: Undeliverable mail", "550 5.1.1 user unknown, I saw", "Person")]
    [InlineData("", "Auto-Submitted: auto-replied\n", "不在です", "エラーのご連絡は代理の宛先まで", "Automatic")]
    [InlineData("", "", "Re: 障害", "配信できませんでした", "DeliveryReport")]
    [InlineData("t@a.jp", "Content-Type: multipart/mixed; boundary=b\n", "Fwd: Undelivered", "--b\n\nlook at this\n--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\nContent-Type: message/delivery-status\n\n\nAction: failed\nStatus: 5.1.1\n--c--\n--b--\n", "Person")]
    public void People_write_of_undelivered_mail_too(string sender, string fields, string subject, string body, string kind) => Assert.Equal(
        kind,
        AutomaticRules.KindOf(
            Posts.Read($"From: Tanaka <t@a.jp>\nSubject: =?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=\n{fields}\n{body}\n", Encoding.UTF8), sender, Domain).ToString());

    [Theory]
    [InlineData(InboundKind.DeliveryReport, false, InboundStanding.Report)]
    [InlineData(InboundKind.DeliveryReport, true, InboundStanding.Kept)] // it only looked like one
    [InlineData(InboundKind.NoSender, false, InboundStanding.Report)]
    [InlineData(InboundKind.NoSender, true, InboundStanding.Kept)] // a holiday answer without marks
    [InlineData(InboundKind.Automatic, false, InboundStanding.Kept)]
    [InlineData(InboundKind.Automatic, true, InboundStanding.Kept)]
    [InlineData(InboundKind.Person, false, InboundStanding.Kept)]
    [InlineData(InboundKind.Bulk, false, InboundStanding.Kept)]
    internal void What_comes_to_a_bounce_address_is_a_report_unless_a_member_or_a_machine_answers(InboundKind kind, bool byMember, InboundStanding standing) =>
        Assert.Equal(standing, InboundRules.OfReport(kind, byMember));

    [Theory]
    [InlineData(InboundStanding.Member, 9, InboundStanding.Member)]
    [InlineData(InboundStanding.Member, 10, InboundStanding.Braked)]
    [InlineData(InboundStanding.Stranger, 10, InboundStanding.Stranger)]
    internal void Ten_posts_of_one_writer_are_passed_on(InboundStanding standing, int passedOn, InboundStanding becomes) => Assert.Equal(becomes, InboundRules.Brake(standing, passedOn));

    [Theory]
    [InlineData(InboundStanding.Member, true, false, ArchivedAs.Whole)]
    [InlineData(InboundStanding.Member, true, true, ArchivedAs.UntilPassed)]
    [InlineData(InboundStanding.Report, true, false, ArchivedAs.Whole)]
    [InlineData(InboundStanding.Report, false, false, ArchivedAs.Head)] // the second that says the same
    [InlineData(InboundStanding.Report, true, true, ArchivedAs.Head)]
    [InlineData(InboundStanding.Braked, true, false, ArchivedAs.Whole)]
    [InlineData(InboundStanding.Stranger, true, false, ArchivedAs.Head)]
    [InlineData(InboundStanding.Kept, true, false, ArchivedAs.Head)]
    internal void Strangers_do_not_fill_the_archive(InboundStanding standing, bool isNews, bool full, ArchivedAs kept) => Assert.Equal(kept, ArchiveRules.Of(standing, isNews, full));

    [Theory]
    [InlineData(16_000, 16_007)] // with its name and its ends of line
    [InlineData(16_377, 16_384)]
    [InlineData(20_000, 16_384)]
    public void Of_a_long_header_sixteen_kilobytes_are_kept(int letters, int kept) =>
        Assert.Equal(kept, InboundReading.HeadOf(Encoding.ASCII.GetBytes($"X: {new string('a', letters)}\r\n\r\nbody")).Length);

    [Fact]
    public void A_writer_is_held_back_for_as_long_as_the_handbook_says() =>
        Assert.Equal((10, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)), (InboundRules.MostPosts, InboundRules.PostsWithin, InboundRules.BrakeStands));

    [Fact]
    public void A_full_archive_and_a_writer_who_is_held_back_are_the_desks_alarms()
    {
        var full = new OwnFacts([], new MailFacts(null, ""), new EngineFacts(TimeSpan.Zero, null) { ArchiveFull = true });
        Assert.Contains("inbound.archive_limit", OwnRules.EngineTrouble(full)!.Ja, StringComparison.Ordinal);
        Assert.Null(OwnRules.EngineTrouble(full with { Engine = new EngineFacts(TimeSpan.Zero, null) }));
        var braked = new ListFacts(new CustomerId("c"), []) { Braked = ["robot@a.jp"] };
        Assert.Contains("robot@a.jp", OwnRules.ListTrouble(braked)!.En, StringComparison.Ordinal);
        Assert.Null(OwnRules.ListTrouble(braked with { Braked = [] }));
        var room = new ArchiveRoom(new ArchiveTerms { Limit = 10 });
        room.Set(6);
        Assert.False(room.IsFull);
        room.Add(4);
        Assert.True(room.IsFull);
    }

    [Fact]
    public void Every_key_of_ours_is_known_by_its_shape()
    {
        var problem = Sample.Problem();
        foreach (var kind in Enum.GetValues<Hinoban.Incidents.NoticeKind>())
        {
            Assert.Equal((problem.Customer, problem.Item, problem.Episode), MailKey.Parse(new MailThread([]).NextKey(problem, kind)) is { Episode: { } of } key ? (key.Customer, of.Item, of.Episode) : default);
        }

        Assert.Null(MailKey.Parse("provider.arrival.1776100000000")!.Episode);
        Assert.Null(MailKey.Parse("sample-trading.maintenance.12.approved")!.Episode);
        Assert.All(["", "a", "20260414021320.4F1B", "c.1.1.alert", "c.1.1.alert.1.x", "c.1.1.hello.1", "C.1.1.alert.1", "c.post.x"], k => Assert.Null(MailKey.Parse(k)));
    }

    [Fact]
    public void A_writer_is_the_member_whose_address_stands_alone_in_From()
    {
        var list = new MailingListPlan("l@x", "utf-8", [new MemberPlan("田中", "Tanaka@a.jp", false, false), new MemberPlan("", "", false, Desk: true)]);
        Assert.NotNull(InboundRules.Writer(MailAddresses.Read("tanaka@A.jp"), list));
        Assert.Null(InboundRules.Writer(MailAddresses.Read("\"tanaka@a.jp\" <evil@b.jp>"), list));
        Assert.Null(InboundRules.Writer(MailAddresses.Read("tanaka@a.jp, evil@b.jp"), list));
        Assert.Null(InboundRules.Writer([], list));
        Assert.Null(InboundRules.Writer([new NamedAddress("", "")], list)); // the desk's own place on the list has no address
        Assert.Equal("INC-260414-0007", InboundRules.NumberIn("Re: x [sample-trading INC-260414-0007]", new CustomerId("sample-trading")));
        Assert.Null(InboundRules.NumberIn("Re: x [sample-trading INC-260414-0007]", new CustomerId("other")));
        Assert.Equal("INC-260414-0008", InboundRules.NumberIn("[other INC-260414-0009] Re: [sample-trading INC-260414-0007] [sample-trading INC-260414-0008] [other INC-260414-0010]", new CustomerId("sample-trading")));
        Assert.Equal(IncidentNumber.Away(new ItemId(12), 3), InboundRules.NumberIn($"Re: x [sample-trading {IncidentNumber.Away(new ItemId(12), 3)}]", new CustomerId("sample-trading")));
    }

    [Fact]
    public void A_mail_answers_its_parent_first_then_the_thread_from_its_end()
    {
        var fields = Posts.Read("From: t@a.jp\nIn-Reply-To: <b@x>\nReferences: <a@x> <b@x> <c@x>\n\nx\n").Fields;
        Assert.Equal(["b@x", "c@x", "a@x"], InboundRules.Answers(fields).Select(i => i.Trim('<', '>')));
    }

    [Fact]
    public void An_address_that_nobody_has_signed_names_no_delivery()
    {
        var (seal, other) = (new MailSeal([1, 2, 3]), new MailSeal([1, 2, 4]));
        var address = MailNames.EnvelopeSender("smpl-mon@lists.example.jp", 17, Domain, seal);
        Assert.Matches(@"^smpl-mon-bounces\+17-[0-9a-f]{20}@hinoban\.example\.jp$", address);
        Assert.Equal(17, MailNames.DeliveryOf(address, Domain, seal));
        Assert.Equal(17, MailNames.DeliveryOf(address.ToUpperInvariant(), Domain, seal));
        Assert.Null(MailNames.DeliveryOf(address, Domain, other));
        Assert.Null(MailNames.DeliveryOf(address.Replace("+17-", "+18-", StringComparison.Ordinal), Domain, seal));
        Assert.Null(MailNames.DeliveryOf("smpl-mon-bounces+17@hinoban.example.jp", Domain, seal));
        Assert.Null(MailNames.DeliveryOf($"x-bounces+{seal.Sign(MailSeal.Arrival, "17")}@{Domain}", Domain, seal));
        Assert.True(MailNames.EnvelopeSender($"{new string('a', 90)}@x.jp", long.MaxValue, Domain, seal).IndexOf('@') <= 64);
    }

    [Fact]
    public void An_address_that_a_site_signed_names_mail_and_recipient_and_no_other_key_makes_it()
    {
        var desk = new MailSeal([1, 2, 3]);
        var (tokyo, osaka) = (desk.For(new SiteName("tokyo")), desk.For(new SiteName("osaka")));
        const string Key = "sample-trading.123456789.987654321.alert.1";
        var bounce = AwayBounce.Of(Key, "tanaka@sample.example.jp")!;
        var address = MailNames.EnvelopeSender("smpl-mon@lists.example.jp", bounce, Domain, MailSeal.Import(tokyo.Export())!);
        Assert.Matches(@"-bounces\+123456789\.987654321\.[0-9a-f]{10}-[0-9a-f]{20}@hinoban\.example\.jp$", address);
        Assert.True(address.IndexOf('@') <= 64);
        Assert.Equal(bounce, MailNames.AwayOf(address, Domain, [osaka, tokyo]));
        Assert.Equal(bounce, MailNames.AwayOf(address.ToUpperInvariant(), Domain, [tokyo]));
        Assert.True(bounce.Names(Key, "tanaka@sample.example.jp"));
        Assert.False(bounce.Names(Key, "yamamoto@sample.example.jp"));
        Assert.False(bounce.Names("sample-trading.123456789.987654321.alert.2", "tanaka@sample.example.jp"));
        Assert.Equal(-3, AwayBounce.Read(AwayBounce.Of("sample-trading.12.log3.alert.1", "t@a.jp")!.Word)!.Episode);

        Assert.Null(MailNames.AwayOf(address, Domain, [osaka, desk]));
        Assert.Null(MailNames.AwayOf(address, "elsewhere.example", [tokyo]));
        Assert.Null(MailNames.AwayOf(address.Replace("+1234", "+1235", StringComparison.Ordinal), Domain, [tokyo]));
        Assert.Null(MailNames.AwayOf($"x-bounces+{tokyo.Sign(MailSeal.Away, "12.3")}@{Domain}", Domain, [tokyo]));
        Assert.Null(MailNames.AwayOf($"x-bounces+{tokyo.Sign(MailSeal.Bounce, bounce.Word)}@{Domain}", Domain, [tokyo]));
        Assert.Null(MailNames.DeliveryOf(address, Domain, desk));
        Assert.Null(MailNames.DeliveryOf(address, Domain, tokyo));
        Assert.Null(AwayBounce.Of("sample-trading.post.12", "t@a.jp"));
        Assert.All(new[] { "", "AQID", "no base64", tokyo.Export() + "AAAA" }, wrong => Assert.Null(MailSeal.Import(wrong)));
        Assert.DoesNotContain(tokyo.Export(), new AwayMail("d", "m", Text.Same("n")) { Seal = tokyo.Export() }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_post_is_passed_on_as_it_came_but_for_line_ends_that_could_end_it()
    {
        var raw = Encoding.Latin1.GetBytes("Subject: x\r\nContent-Type: text/plain;\r\n charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\na\n.\nMAIL FROM:<x>\r.\r\nend");
        Assert.Equal("a\r\n.\r\nMAIL FROM:<x>\r\n.\r\nend\r\n", Encoding.Latin1.GetString(PostMail.Body(raw)));
        Assert.Equal(["text/plain; charset=utf-8", "8bit"], PostMail.Fields(raw).Select(f => string.Join(' ', f.Words)));
        var message = Encoding.Latin1.GetString(MailComposer.Compose(Sample.Mail("Re: it", "") with { Archived = 1, Passed = raw }, Sample.Options()));
        Assert.Contains("\r\nContent-Type: text/plain; charset=utf-8\r\n", message, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Loop: hinoban@mail.hinoban.example\r\n", message, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\na\r\n.\r\nMAIL FROM:<x>\r\n.\r\nend\r\n", message, StringComparison.Ordinal);
        var odd = PostMail.Fields(Encoding.Latin1.GetBytes("Content-Type: multipart/mixed; name=\"\xe9  x\"; boundary=\"b 1\"\r\n\r\n")).Single();
        Assert.Equal("multipart/mixed; boundary=\"b 1\"", string.Join(' ', odd.Words));
    }
}
