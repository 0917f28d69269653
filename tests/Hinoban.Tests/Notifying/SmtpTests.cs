using System.Collections.Concurrent;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Notifying;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Notifying;

/// <summary>The SMTP dialogue: against the sink in all its shapes, and against relays that misbehave byte for byte.</summary>
public sealed class SmtpTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-sink-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private const string Secret = "s3cret-päss";
    private static readonly byte[] Message = MailComposer.Compose(Sample.Mail("x", ".dot\n..two\nend"), Sample.Options());

    public static TheoryData<int, bool, string> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, bool, string>();
            foreach (var pieces in Enum.GetValues<SinkPieces>())
            {
                foreach (var tls in new[] { "None", "IfOffered", "Implicit" })
                {
                    shapes.Add((int)pieces, true, tls);
                    shapes.Add((int)pieces, false, tls);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Mails_arrive_whole_whatever_the_shape_of_the_dialogue(int pieces, bool pipelining, string tls)
    {
        await using var sink = MailSink.Start(new MailSinkOptions
        {
            Pieces = (SinkPieces)pieces,
            Pipelining = pipelining,
            StartTls = tls == "IfOffered",
            ImplicitTls = tls == "Implicit",
            User = "desk",
            Password = Secret,
        });
        var options = Sample.Options(sink.Port) with { Tls = Enum.Parse<SmtpTls>(tls), User = "desk", Password = new Redacted(Secret), CaFile = CaFile() };
        await using var line = await OpenAsync(options);

        for (var n = 1; n <= 3; n++)
        {
            var outcome = await line.SendAsync(Envelope($"member{n}@example.test"), CancellationToken.None);
            Assert.Equal(new SubmitOutcome(SubmitResult.Accepted, SubmitReason.None, $"250 2.0.0 Ok: queued as SINK00000{n}", $"SINK00000{n}"), outcome);
        }

        Assert.Equal(1, sink.Connections);
        Assert.All(sink.Mails, m => Assert.Equal(Message, m.Raw));
        Assert.Equal(["member1@example.test", "member2@example.test", "member3@example.test"], sink.Mails.Select(m => m.Recipient));
        Assert.Equal(".dot\n..two\nend\n", sink.Mails[0].Text);
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Implicit")]
    public async Task A_certificate_that_is_not_trusted_gets_no_mail(string tls)
    {
        await using var sink = MailSink.Start(new MailSinkOptions { StartTls = tls == "StartTls", ImplicitTls = tls == "Implicit" });
        var options = Sample.Options(sink.Port) with { Tls = Enum.Parse<SmtpTls>(tls) };
        var opening = await Submitter(options).OpenAsync(CancellationToken.None);
        Assert.Equal(SubmitReason.TlsFailed, opening.Failure?.Reason);

        await using var trusting = await OpenAsync(options with { CaFile = CaFile() });
        Assert.Equal(SubmitResult.Accepted, (await trusting.SendAsync(Envelope("a@example.test"), CancellationToken.None)).Result);
    }

    [Fact]
    public async Task No_tls_where_it_is_demanded_is_no_mail()
    {
        await using var sink = MailSink.Start();
        Assert.Equal(SubmitReason.TlsNotOffered, (await Submitter(Sample.Options(sink.Port) with { Tls = SmtpTls.StartTls }).OpenAsync(CancellationToken.None)).Failure?.Reason);
        await using var plain = await OpenAsync(Sample.Options(sink.Port) with { Tls = SmtpTls.IfOffered });
        Assert.True(plain.Usable);
    }

    [Fact]
    public async Task A_password_is_not_given_to_a_relay_whose_certificate_is_not_trusted()
    {
        await using var sink = MailSink.Start(new MailSinkOptions { StartTls = true, User = "desk", Password = Secret });
        var options = Sample.Options(sink.Port) with { Host = "localhost", Tls = SmtpTls.IfOffered, User = "desk", Password = new Redacted(Secret) };
        Assert.Equal(SubmitReason.TlsFailed, (await Submitter(options).OpenAsync(CancellationToken.None)).Failure?.Reason);

        await using var trusted = await OpenAsync(options with { CaFile = CaFile() });
        Assert.True(trusted.Usable);
    }

    [Theory]
    [InlineData("PLAIN", Secret, "")]
    [InlineData("LOGIN", Secret, "")]
    [InlineData("PLAIN LOGIN", "wrong", "AuthRefused")]
    [InlineData("LOGIN", "wrong", "AuthRefused")]
    [InlineData("GSSAPI", Secret, "AuthNotOffered")]
    public async Task Log_in_and_its_secret_stays_out_of_the_log(string mechanisms, string password, string failure)
    {
        await using var sink = MailSink.Start(new MailSinkOptions { User = "desk", Password = Secret, Mechanisms = mechanisms });
        var log = new KeptLog<SmtpSubmitter>();
        var options = Sample.Options(sink.Port) with { User = "desk", Password = new Redacted(password) };
        var opening = await new SmtpSubmitter(options, TimeProvider.System, log).OpenAsync(CancellationToken.None);

        Assert.Equal(failure, opening.Failure?.Reason.ToString() ?? "");
        Assert.Contains(log.Lines, l => l.StartsWith("C: EHLO mail.hinoban.example", StringComparison.Ordinal));
        var told = string.Join('\n', log.Lines);
        foreach (var secret in new[] { password, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(password)), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0desk\0{password}")) })
        {
            Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        }

        if (opening.Line is { } line)
        {
            await line.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("Recipient", 550, "Permanent", "RecipientRefused")]
    [InlineData("Recipient", 450, "Transient", "RecipientRefused")]
    [InlineData("Data", 451, "Transient", "DataRefused")]
    [InlineData("Data", 554, "Permanent", "DataRefused")]
    [InlineData("Dot", 452, "Transient", "MessageRefused")]
    [InlineData("Dot", 554, "Permanent", "MessageRefused")]
    public async Task A_refused_recipient_leaves_the_line_good_for_the_next(string point, int code, string result, string reason)
    {
        foreach (var pipelining in new[] { true, false })
        {
            await using var sink = MailSink.Start(new MailSinkOptions { Pipelining = pipelining });
            sink.Always("bad@example.test", new SinkScript(Enum.Parse<SinkPoint>(point), SinkAct.Reply, code, "5.1.1 no \u001b[31msuch"));
            await using var line = await OpenAsync(Sample.Options(sink.Port));

            var refused = await line.SendAsync(Envelope("bad@example.test"), CancellationToken.None);
            Assert.Equal((result, reason, $"{code} 5.1.1 no \\x1b[31msuch"), (refused.Result.ToString(), refused.Reason.ToString(), refused.Reply));
            Assert.Equal(SubmitResult.Accepted, (await line.SendAsync(Envelope("good@example.test"), CancellationToken.None)).Result);
            Assert.Equal(["good@example.test"], sink.Mails.Select(m => m.Recipient));
            Assert.Equal(1, sink.Connections);
        }
    }

    [Theory]
    [InlineData("Recipient", "Hang", "Broken", "TimedOut")]
    [InlineData("Recipient", "Drop", "Broken", "ConnectionLost")]
    [InlineData("Data", "Hang", "Broken", "TimedOut")]
    [InlineData("Data", "Drop", "Broken", "ConnectionLost")]
    [InlineData("Dot", "Hang", "Unknown", "TimedOut")]
    [InlineData("Dot", "Drop", "Unknown", "ConnectionLost")]
    [InlineData("Dot", "KeepAndDrop", "Unknown", "ConnectionLost")]
    public async Task A_broken_dialogue_is_unknown_only_after_the_dot(string point, string act, string result, string reason)
    {
        await using var sink = MailSink.Start();
        sink.Always("bad@example.test", new SinkScript(Enum.Parse<SinkPoint>(point), Enum.Parse<SinkAct>(act)));
        await using var line = await OpenAsync(Sample.Options(sink.Port) with { Timeout = TimeSpan.FromMilliseconds(300) });

        var outcome = await line.SendAsync(Envelope("bad@example.test"), CancellationToken.None);
        Assert.Equal((result, reason), (outcome.Result.ToString(), outcome.Reason.ToString()));
        Assert.False(line.Usable);
        Assert.Equal(act == "KeepAndDrop" ? 1 : 0, sink.Mails.Count);
    }

    [Fact]
    public async Task Addresses_that_cannot_be_sent_to_put_nothing_on_the_wire()
    {
        await using var sink = MailSink.Start(new MailSinkOptions { Size = 1000 });
        await using var line = await OpenAsync(Sample.Options(sink.Port));
        var said = sink.Dialogue.Count;

        Assert.Equal(SubmitReason.AddressInvalid, (await line.SendAsync(Envelope("a@example.test>\r\nRCPT TO:<b@example.test"), CancellationToken.None)).Reason);
        Assert.Equal(SubmitReason.NeedsSmtpUtf8, (await line.SendAsync(Envelope("田中@example.test"), CancellationToken.None)).Reason);
        Assert.Equal(SubmitReason.TooLarge, (await line.SendAsync(Envelope("a@example.test") with { Message = new byte[1001] }, CancellationToken.None)).Reason);
        Assert.Equal(said, sink.Dialogue.Count);

        await using var utf8 = MailSink.Start(new MailSinkOptions { SmtpUtf8 = true });
        await using var able = await OpenAsync(Sample.Options(utf8.Port));
        Assert.Equal(SubmitResult.Accepted, (await able.SendAsync(Envelope("田中@例え.jp"), CancellationToken.None)).Result);
        Assert.Equal("田中@xn--r8jz45g.jp", utf8.Mails[0].Recipient);
        Assert.Contains(utf8.Dialogue, l => l.EndsWith(" SMTPUTF8", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GreetingRefused", "554 5.3.2 no service today\r\n")]
    [InlineData("RelayCloses", "421 4.3.2 later\r\n")]
    [InlineData("Garbage", "SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("Garbage", "22 two digits\r\n")]
    [InlineData("Garbage", "220-one\r\n250 other code\r\n")]
    [InlineData("Garbage", "\u0001\u0002\u0003\r\n")]
    [InlineData("ConnectionLost", "220 unfinished")]
    [InlineData("TimedOut", "hang")]
    [InlineData("GreetingRefused", "220 hello\r\n", "554 go away\r\n")]
    [InlineData("GreetingRefused", "220 hello\r\n", "450 busy\r\n")]
    [InlineData("GreetingRefused", "220 hello\r\n", "502 what?\r\n", "550 no\r\n")]
    public async Task A_relay_that_does_not_greet_properly_gives_no_line(string reason, params string[] replies)
    {
        await using var relay = new ScriptedRelay(replies);
        var opening = await Submitter(Sample.Options(relay.Port) with { Timeout = TimeSpan.FromMilliseconds(300) }).OpenAsync(CancellationToken.None);
        Assert.Equal((SubmitResult.Broken, reason), (opening.Failure!.Result, opening.Failure.Reason.ToString()));
    }

    [Fact]
    public async Task An_endless_greeting_is_garbage()
    {
        await using var relay = new ScriptedRelay("220 " + new string('x', 100_000));
        Assert.Equal(SubmitReason.Garbage, (await Submitter(Sample.Options(relay.Port)).OpenAsync(CancellationToken.None)).Failure?.Reason);
    }

    [Fact]
    public async Task Clear_text_injected_behind_starttls_is_refused()
    {
        await using var relay = new ScriptedRelay("220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n250 injected\r\n");
        Assert.Equal(SubmitReason.Garbage, (await Submitter(Sample.Options(relay.Port) with { Tls = SmtpTls.IfOffered }).OpenAsync(CancellationToken.None)).Failure?.Reason);
    }

    [Fact]
    public async Task An_old_relay_with_bare_line_feeds_and_no_extensions_works()
    {
        await using var relay = new ScriptedRelay("220\n", "500 what\n", "250 hello\n", "250 ok\n", "250 ok\n", "354 go\n", "250 thanks\n");
        await using var line = await OpenAsync(Sample.Options(relay.Port));
        Assert.Equal(new SubmitOutcome(SubmitResult.Accepted, SubmitReason.None, "250 thanks"), await line.SendAsync(Envelope("a@example.test"), CancellationToken.None));
        Assert.Equal(["EHLO mail.hinoban.example", "HELO mail.hinoban.example", "MAIL FROM:<list-bounces+1@mail.hinoban.example>"], relay.Heard.Take(3));
    }

    [Fact]
    public async Task Go_ahead_without_a_recipient_is_ended_by_an_empty_message()
    {
        await using var relay = new ScriptedRelay("220 hi\r\n", "250-hi\r\n250 PIPELINING\r\n", "250 ok\r\n", "550 no such\r\n", "354 go\r\n", "554 nothing\r\n", "250 reset\r\n");
        await using var line = await OpenAsync(Sample.Options(relay.Port));
        Assert.Equal((SubmitResult.Permanent, "550 no such"), (await line.SendAsync(Envelope("a@example.test"), CancellationToken.None)) is var o ? (o.Result, o.Reply) : default);
        Assert.True(line.Usable);
        Assert.Equal(".", relay.Heard[^1]);
    }

    [Theory]
    [InlineData("553 5.1.8 sender rejected\r\n", "Transient", "SenderRefused")]
    [InlineData("552 5.3.4 too big\r\n", "Permanent", "TooLarge")]
    [InlineData("421 4.7.0 too many\r\n", "Broken", "RelayCloses")]
    [InlineData("hello?\r\n", "Broken", "Garbage")]
    public async Task A_refused_sender_is_not_the_mails_fault(string reply, string result, string reason)
    {
        await using var relay = new ScriptedRelay("220 hi\r\n", "250 hi\r\n", reply);
        await using var line = await OpenAsync(Sample.Options(relay.Port));
        var outcome = await line.SendAsync(Envelope("a@example.test"), CancellationToken.None);
        Assert.Equal((result, reason), (outcome.Result.ToString(), outcome.Reason.ToString()));
    }

    [Theory]
    [InlineData("250 2.0.0 Ok: queued as 4XYZ3dq1Gz9\r\n", "4XYZ3dq1Gz9")]
    [InlineData("250 OK id=1tABcd-000000001-AbCd\r\n", "1tABcd-000000001-AbCd")]
    [InlineData("250 2.0.0 43E1xxxx012345 Message accepted for delivery\r\n", "43E1xxxx012345")]
    [InlineData("250-first\r\n250 2.6.0 queued as ABC\r\n", "ABC")]
    [InlineData("250 fine\r\n", "")]
    public async Task Queue_ids_are_kept(string reply, string queueId)
    {
        await using var relay = new ScriptedRelay("220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", reply);
        await using var line = await OpenAsync(Sample.Options(relay.Port));
        var outcome = await line.SendAsync(Envelope("a@example.test"), CancellationToken.None);
        Assert.Equal((SubmitResult.Accepted, queueId), (outcome.Result, outcome.QueueId));
    }

    [Fact]
    public async Task Nobody_there_and_no_such_name_are_told_apart()
    {
        Assert.Equal(SubmitReason.ConnectFailed, (await Submitter(Sample.Options(Hinoban.Lab.Servers.Ports.Free())).OpenAsync(CancellationToken.None)).Failure?.Reason);
        Assert.Equal(SubmitReason.NameUnresolved, (await Submitter(Sample.Options() with { Host = "no-such-relay.invalid" }).OpenAsync(CancellationToken.None)).Failure?.Reason);
    }

    [Fact]
    public async Task Stopping_is_said_as_such()
    {
        await using var sink = MailSink.Start();
        sink.Always("a@example.test", new SinkScript(SinkPoint.Recipient, SinkAct.Hang));
        await using var line = await OpenAsync(Sample.Options(sink.Port));
        using var stop = new CancellationTokenSource();
        var sending = line.SendAsync(Envelope("a@example.test"), stop.Token);
        await stop.CancelAsync();
        Assert.Equal((SubmitResult.Broken, SubmitReason.Stopping), (await sending) is var o ? (o.Result, o.Reason) : default);
        Assert.Equal(SubmitReason.Stopping, (await Submitter(Sample.Options(sink.Port)).OpenAsync(stop.Token)).Failure?.Reason);
    }

    private static SmtpSubmitter Submitter(MailOptions options) => new(options, TimeProvider.System, NullLogger<SmtpSubmitter>.Instance);

    private static async Task<IMailLine> OpenAsync(MailOptions options)
    {
        var opening = await Submitter(options).OpenAsync(CancellationToken.None);
        Assert.Null(opening.Failure);
        return opening.Line!;
    }

    private static MailEnvelope Envelope(string recipient) => new("list-bounces+1@mail.hinoban.example", recipient, Message, "test");

    private string CaFile()
    {
        var file = Path.Combine(folder, "authority.pem");
        File.WriteAllText(file, SinkSession.CertificatePem);
        return file;
    }
}
