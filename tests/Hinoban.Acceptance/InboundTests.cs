using System.Net.Sockets;
using System.Text;
using Hinoban.Acceptance.Scene;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance;

/// <summary>Mail through the real Postfix in both directions: out by SMTP, back in by LMTP, with the desk killed in the middle.</summary>
[Collection(TownStories.Name)]
public sealed class InboundTests
{
    private const string Tanaka = $"tanaka@{PostfixServer.MailDomain}";

    [Fact]
    public Task What_comes_back_through_postfix_finds_its_delivery_its_thread_and_its_members() => RealTown.PlayAsync(
        async town =>
        {
            town.Web.Stop();
            var id = (await town.IncidentAsync("web01", "http")).Number("id");
            var alert = Assert.Single(await town.MailboxAsync("tanaka", 1));

            // Postfix took the mail for sasaki, found nobody, and reported to the address of that delivery.
            var bounced = await town.WhenAsync(id, "sasaki's bounce", i => i.Events("delivery-report").Count == 1);
            var report = bounced.Events("delivery-report")[0];
            Assert.Equal((TownSpec.Lost, true, true, "5.1.1"), (report.Word("recipient"), report.Flag("failed"), report.Flag("permanent"), report.Word("status")));
            Assert.Equal([TownSpec.Lost], bounced.Mails("alert")[0].List("deliveries").Where(d => d["report"] is not null).Select(d => d.Word("recipient")));
            await Until.TrueAsync("the desk is told who gets no mail", RealTown.Patience, () => town.Mailbox(TownSpec.Desk).Any(m => m.Subject.Contains("mail/sample-trading is CRITICAL", StringComparison.Ordinal)));

            // A member, a stranger, a machine and a forged report write.
            var yamamotos = town.Mailbox("yamamoto").Count;
            await SendAsync(town, Tanaka, TownSpec.ListAddress, Post("from-member", Tanaka, alert.MessageId, "Subject: Re: from a member\n"));
            await SendAsync(town, "evil@example.net", TownSpec.ListAddress, Post("from-stranger", "evil@example.net", alert.MessageId, "Subject: Re: from a stranger\n"));
            await SendAsync(town, Tanaka, TownSpec.ListAddress, Post("from-machine", Tanaka, alert.MessageId, "Subject: Re: away\nAuto-Submitted: auto-replied\n"));
            await SendAsync(town, "", $"smpl-mon-bounces+1-00000000000000000000@{RealTown.MailDomain}", Post("forged", "mailer-daemon@example.net", alert.MessageId, "Subject: Undelivered\n"));
            var replied = await town.WhenAsync(id, "the member's reply", i => i.Events("reply").Count == 1 && RealTown.AllAccepted(i, "post"));
            Assert.Equal((Tanaka, "Re: from a member", "Seen, 確認しました。"), (replied.Events("reply")[0].Word("from_address"), replied.Events("reply")[0].Word("subject"), replied.Events("reply")[0].Word("excerpt")));
            var passed = await town.MailboxAsync("yamamoto", yamamotos + 1);
            Assert.Equal("Re: from a member", passed[^1].Subject);
            Assert.Equal(alert.MessageId, passed[^1]["in-reply-to"]);

            await KillInTheMiddleAsync(town, id, HoldAt.Message, alert.MessageId, 2);

            town.Web.Start();
            await town.WhenAsync(id, "recovered", i => i["recovered_utc"] is not null);
            var subjects = town.Mailbox("yamamoto").Select(m => m.Subject).ToList();
            Assert.DoesNotContain(subjects, s => s.Contains("stranger", StringComparison.Ordinal) || s.Contains("away", StringComparison.Ordinal) || s.Contains("Hinoban arrival", StringComparison.Ordinal));
            Assert.Equal(2, subjects.Count(s => s.StartsWith("Re: ", StringComparison.Ordinal)));
            Assert.DoesNotContain(town.Mailbox("tanaka"), m => m.Subject.StartsWith("Re: from", StringComparison.Ordinal));
            Assert.DoesNotContain("desk/mail-arrival is CRITICAL", string.Join('\n', town.Mailbox(TownSpec.Desk)), StringComparison.Ordinal);
        },
        withInbound: true);

    // Killed while it takes a message, or after it has taken one and before Postfix knows: Postfix hands it over again, and it is there once.
    internal static async Task KillInTheMiddleAsync(RealTown town, long id, HoldAt at, string thread, int replies, string writer = Tanaka)
    {
        var held = town.Mouth!.HoldAsync(at, $"Subject: Re: {at} {replies}\r");
        await SendAsync(town, writer, TownSpec.ListAddress, Post($"held-{replies}", writer, thread, $"Subject: Re: {at} {replies}\n"));
        await held;
        await town.Desk.CrashAsync();
        await Until.TrueAsync("the desk is back", RealTown.Patience, async () => (await town.Client.IncidentAsync(id)).Number("id") == id);
        await Until.TrueAsync($"the mail held at {at} is there", RealTown.Patience, async () =>
        {
            await town.Postfix.FlushAsync();
            return (await town.Client.IncidentAsync(id)).Events("reply").Count >= replies;
        });
        await town.WhenAsync(id, "passed on", i => i.Mails("post").Count == replies && RealTown.AllAccepted(i, "post"));
        await Until.TrueAsync("Postfix has nothing left for the desk", RealTown.Patience, async () =>
        {
            var queued = await town.Postfix.QueuedAsync();
            return !queued.Contains(TownSpec.ListAddress, StringComparison.Ordinal);
        });
        Assert.Equal(replies, (await town.Client.IncidentAsync(id)).Events("reply").Count);
    }

    private static string Post(string id, string from, string inReplyTo, string fields) =>
        $"From: {from}\nTo: {TownSpec.ListAddress}\nMessage-ID: <{id}@example.test>\nIn-Reply-To: {inReplyTo}\n{fields}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nSeen, 確認しました。\n";

    private static async Task SendAsync(RealTown town, string sender, string recipient, string message)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", town.Postfix.Port);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await reader.ReadLineAsync();
        foreach (var command in new[] { "HELO test", $"MAIL FROM:<{sender}>", $"RCPT TO:<{recipient}>", "DATA", message.ReplaceLineEndings("\r\n") + "." })
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
            var answer = await reader.ReadLineAsync() ?? "";
            Assert.True(answer.Length > 0 && answer[0] is '2' or '3', $"{command}: {answer}");
        }
    }
}
