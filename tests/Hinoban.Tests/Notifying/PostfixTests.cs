using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab.Servers;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Notifying;

/// <summary>The whole way into the mailboxes of a real Postfix.</summary>
public sealed class PostfixTests : IAsyncDisposable
{
    private static readonly string[] Members = ["tanaka", "yamamoto", "desk", "suzuki"];
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-postfix-").FullName;
    private readonly List<SettledDelivery> settled = [];
    private readonly Lock sync = new();
    private readonly OutboxStore store = new();
    private Db? db;
    private PostfixServer? postfix;

    public async ValueTask DisposeAsync()
    {
        if (postfix is not null)
        {
            await postfix.DisposeAsync();
        }

        db?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("IfOffered")]
    [InlineData("StartTls")]
    public async Task A_thread_arrives_once_in_each_members_mailbox_and_one_bad_address_harms_nobody(string tls)
    {
        var options = await StartAsync() with { Tls = Enum.Parse<SmtpTls>(tls), CaFile = tls == "StartTls" ? postfix!.CertificateFile : null };
        var (pump, stop, running) = Run(options);
        var customer = Sample.Customer(Language.Both, "iso-2022-jp", [.. Members.Take(2).Append("nobody").Append("suzuki").Select(Sample.Member), new Hinoban.Specs.MemberPlan("", "", false, Desk: true)]);
        var alert = NoticeMails.Alert(Sample.Facts(customer), Sample.NoThread, options, TimeProvider.System.GetUtcNow());
        var recovery = NoticeMails.Recovery(Sample.Facts(customer) with { RecoveredUtc = Sample.Detected.AddMinutes(3) }, new MailThread([alert.Key]), options, TimeProvider.System.GetUtcNow());
        Add(pump, alert);
        Add(pump, recovery);

        foreach (var member in Members)
        {
            var files = await postfix!.UntilAsync(member, 2);
            var seen = Sample.Parse([.. files.Select(WithoutPostfixHeaders)]).OrderBy(m => m.Subject, StringComparer.Ordinal).ToArray();
            Assert.Equal([alert.Subject, recovery.Subject], seen.Select(m => m.Subject));
            Assert.Equal($"<{alert.Key}@mail.hinoban.example>", seen[1].Header("In-Reply-To"));
            Assert.Equal("iso-2022-jp", seen[0].Charset);
            Assert.Contains("状態: CRITICAL (前回 OK)", seen[0].Body, StringComparison.Ordinal);
        }

        await SettledAsync(10);
        Assert.Equal(8, settled.Count(s => s.Outcome == DeliveryOutcome.Accepted));
        Assert.All(settled.Where(s => s.Recipient.StartsWith("nobody", StringComparison.Ordinal)), s => Assert.Equal((DeliveryOutcome.Rejected, true), (s.Outcome, s.Reply.Contains("550 5.1.1", StringComparison.Ordinal))));
        var log = await File.ReadAllTextAsync(postfix!.LogFile);
        Assert.All(settled.Where(s => s.Outcome == DeliveryOutcome.Accepted), s => Assert.Contains($"{s.QueueId}: to=<{s.Recipient}>", log, StringComparison.Ordinal));
        await StopAsync(stop, running);

        // Each connection's end is logged with a count of its commands.
        await PumpBench.UntilAsync(() => File.ReadAllText(postfix.LogFile).Contains("disconnect from", StringComparison.Ordinal), () => "no end of a connection");
        Assert.Equal(tls != "None", File.ReadAllText(postfix.LogFile).Contains("starttls=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relay_that_was_stopped_gets_everything_in_order_when_it_is_back()
    {
        var options = await StartAsync();
        var (pump, stop, running) = Run(options);
        await postfix!.StopAsync();
        var alert = Sample.Alert() with { DateUtc = TimeProvider.System.GetUtcNow() };
        Add(pump, alert);
        Add(pump, NoticeMails.Recovery(Sample.Facts() with { RecoveredUtc = Sample.Detected.AddMinutes(3) }, new MailThread([alert.Key]), options, alert.DateUtc));
        await PumpBench.UntilAsync(() => pump.Trouble() is { RelayDownUtc: not null, Retrying: 6 }, () => pump.Trouble().ToString());
        Assert.Equal(new MailTroubleRow(alert.Incident, 0, 6, 0, "ConnectFailed: ConnectionRefused"), Assert.Single(db!.Read(tx => store.Troubles(tx, Scope.Across("test")))));

        await postfix.StartAsync();
        db!.Write(tx => new OutboxQueue().HurryAll(tx, Scope.Across("test"), TimeProvider.System.GetUtcNow()));
        pump.Signal();
        await SettledAsync(6);
        foreach (var member in Members.Take(3))
        {
            Assert.Equal(2, (await postfix.UntilAsync(member, 2)).Count);
            Assert.Equal([NoticeKind.Alert, NoticeKind.Recovery], settled.Where(s => s.Recipient.StartsWith(member, StringComparison.Ordinal)).Select(s => s.Kind));
        }

        Assert.Null(pump.Trouble().RelayDownUtc);
        await StopAsync(stop, running);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_crash_is_looked_up_where_there_is_a_log(bool accepted, bool withLog)
    {
        var options = await StartAsync();
        db!.Write(tx => store.Add(tx, Sample.Alert() with { Recipients = [new OutboxRecipient("tanaka@example.test", false)], DateUtc = TimeProvider.System.GetUtcNow() }));

        // As a killed desk leaves it: marked as being sent; the relay has taken it, or not a byte has left.
        var claim = db.Write(tx => new OutboxQueue().Claim(tx, TimeProvider.System.GetUtcNow(), 1, 1, _ => RelayRank.First))[0];
        if (accepted)
        {
            var opening = await new SmtpSubmitter(options, TimeProvider.System, NullLogger<SmtpSubmitter>.Instance).OpenAsync(CancellationToken.None);
            await using var line = opening.Line!;
            var sent = await line.SendAsync(
                new MailEnvelope(MailNames.EnvelopeSender(claim.Mail.ListAddress, claim.Row.Id, options.Domain), claim.Row.Recipient, MailComposer.Compose(claim.Mail, options), "test"), CancellationToken.None);
            Assert.Equal(SubmitResult.Accepted, sent.Result);
            await postfix!.UntilAsync("tanaka", 1);
        }

        var (_, stop, running) = Run(options with { RelayLog = withLog ? postfix!.LogFile : null });
        await SettledAsync(1);

        // Only where the relay can be asked is nothing sent twice, and nothing called possibly twice.
        Assert.Equal((DeliveryOutcome.Accepted, accepted && withLog, !withLog), (settled[0].Outcome, settled[0].LookedUp, settled[0].PossiblyTwice));
        Assert.NotEmpty(settled[0].QueueId);
        var copies = await postfix!.UntilAsync("tanaka", accepted && !withLog ? 2 : 1);
        Assert.Equal(accepted && !withLog ? 2 : 1, copies.Count);
        Assert.Single(copies.Select(f => Header(f, "Message-ID")).Distinct());
        await StopAsync(stop, running);
    }

    private async Task<MailOptions> StartAsync()
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        postfix = await PostfixServer.StartAsync(folder, Members);
        db = Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk);
        return Sample.Options(postfix.Port) with { Timeout = TimeSpan.FromSeconds(20) };
    }

    private (OutboxPump Pump, CancellationTokenSource Stop, Task Running) Run(MailOptions options)
    {
        var pump = NotifyingSetup.Pump(db!, NotifyingSetup.Relay(options, TimeProvider.System, NullLoggerFactory.Instance), options, TimeProvider.System, Keep, NullLoggerFactory.Instance);
        var stop = new CancellationTokenSource();
        return (pump, stop, pump.RunAsync(stop.Token));
    }

    private static async Task StopAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private void Add(OutboxPump pump, OutboxMail mail)
    {
        db!.Write(tx => store.Add(tx, mail));
        pump.Signal();
    }

    private void Keep(Tx tx, SettledDelivery delivery)
    {
        lock (sync)
        {
            settled.Add(delivery);
        }
    }

    private Task SettledAsync(int count) => PumpBench.UntilAsync(
        () =>
        {
            lock (sync)
            {
                return settled.Count >= count;
            }
        },
        () => $"{settled.Count} settled of {count}\n{string.Join('\n', db!.Read(tx => store.Latest(tx, Scope.Across("test"), 9)).SelectMany(m => m.Deliveries))}");

    // Postfix adds its own headers above ours, as every relay does.
    private static byte[] WithoutPostfixHeaders(string file)
    {
        var text = File.ReadAllText(file, System.Text.Encoding.Latin1).ReplaceLineEndings("\r\n");
        return System.Text.Encoding.Latin1.GetBytes(text[text.IndexOf("\r\nDate: ", StringComparison.Ordinal)..].TrimStart());
    }

    private static string Header(string file, string name) => File.ReadLines(file).First(l => l.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase));
}
