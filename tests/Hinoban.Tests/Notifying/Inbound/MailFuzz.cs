using System.Text;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>Mails of every kind, bent at random: read whole, as the desk does, without an exception and in bounded time.</summary>
internal static class MailFuzz
{
    private static readonly byte[][] Tokens =
    [
        .. new[] { "\e$B", "\e(B", "\e(I", "=?", "?=", "=?utf-8?B?", "=?iso-2022-jp?Q?", "--b1", "--b1--", "\r\n", "\n", "\r", "\r\n.\r\n", "Content-Type: multipart/mixed; boundary=b1\r\n", ";", "\"", "*0*=", "\0", "=\r\n", "=E3", "<", ">", "(", "message/rfc822" }
            .Select(Encoding.Latin1.GetBytes),
        [0xff, 0xfe], [0x8f, 0xa1], [0xe3, 0x81],
    ];

    internal static void Run(int seed, int rounds, IReadOnlyList<byte[]>? more = null)
    {
        var random = new Random(seed);
        byte[][] seeds =
        [
            Posts.Bounce(), Posts.Reply("<a@b>"), Posts.WithAttachment("<a@b>"), Posts.Mail("Auto-Submitted: auto-replied\n"),
            Posts.Of($"From: {Posts.JisShogai} <a@b.jp>\nSubject: {Posts.JisShogai}\nContent-Type: text/plain; charset=iso-2022-jp; name=\"{Posts.JisShogai}\"\n\n{Posts.JisShogai}\n"),
            .. more ?? [],
        ];
        for (var round = 0; round < rounds; round++)
        {
            var mail = Bend(seeds[random.Next(seeds.Length)], random);
            var start = TimeProvider.System.GetTimestamp();
            try
            {
                Look(mail);
            }
            catch (Exception error)
            {
                Assert.Fail($"round {round}: {error}\n{Convert.ToBase64String(mail)}");
            }

            var took = TimeProvider.System.GetElapsedTime(start);
            Assert.True(took < TimeSpan.FromSeconds(5), $"round {round} took {took}\n{Convert.ToBase64String(mail)}");
        }
    }

    private static void Look(byte[] raw)
    {
        var mail = MimeReader.Read(raw);
        _ = AutomaticRules.KindOf(mail, "a@b", "hinoban.example.jp");
        _ = DsnReader.ByAddress(mail, "");
        _ = InboundReading.Of(new ReceivedMail("", "list@example.test", raw), "hinoban.example.jp").Packed();
        _ = MailWords.Excerpt(MailWords.Of(mail));
        _ = PostMail.Attachments(mail).Select(a => (a.Part.FileName, a.Part.Content.Length)).ToList();
        _ = MailAddresses.Read(mail.Fields["From"]);
        _ = InboundRules.Answers(mail.Fields);
        _ = mail.Fields.Text("Subject");
        var passed = PostMail.Body(raw);
        Assert.DoesNotContain("\n.\n", Encoding.Latin1.GetString(passed), StringComparison.Ordinal);
        foreach (var (_, words) in PostMail.Fields(raw))
        {
            Assert.All(words, w => Assert.True(w.Length > 0 && w.All(c => c is > ' ' and <= '~')));
        }
    }

    private static byte[] Bend(byte[] seed, Random random)
    {
        var mail = seed.ToList();
        for (var times = random.Next(1, 12); times > 0; times--)
        {
            var at = random.Next(mail.Count + 1);
            switch (random.Next(5))
            {
                case 0:
                    mail.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 1 when at < mail.Count:
                    mail[at] = (byte)random.Next(256);
                    break;
                case 2 when at < mail.Count:
                    mail.RemoveRange(at, Math.Min(random.Next(1, 40), mail.Count - at));
                    break;
                case 3:
                    mail.InsertRange(at, mail.Skip(random.Next(mail.Count + 1)).Take(random.Next(200)).ToList());
                    break;
                default:
                    mail.RemoveRange(Math.Max(1, at), Math.Max(0, mail.Count - Math.Max(1, at)));
                    break;
            }

            if (mail.Count == 0)
            {
                mail.Add(0);
            }
        }

        return [.. mail];
    }
}
