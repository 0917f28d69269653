extern alias agent;

using System.Text;
using System.Text.Json;
using agent::Hinoban.Agent.Logs;
using agent::Hinoban.Agent.Serving;
using agent::Hinoban.Agent.Setup;
using Hinoban.Checks;
using Hinoban.Checks.Nrpe;
using Hinoban.Checks.Via;
using Hinoban.Results;

namespace Hinoban.Fuzz.Targets;

/// <summary>What the agent reads of other programs' logs, its own journal of hits after a crash, and what it and the sites tell each other of it.</summary>
internal static class LogTargets
{
    private const string Room = "src/Hinoban.Agent/Logs/";

    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    private static readonly string Folder = Path.GetDirectoryName(MadeFiles.At("hits/lock"))!;
    private static readonly Masks Usual = new(new MaskPlan(true, []));
    private static readonly Masks Own = new(new MaskPlan(false, [Pattern.Read("member[0-9]+|会員[0-9]")]));
    private static readonly byte[] Kept = KeptHits();

    private static readonly LogEar[] Ears =
    [
        new(new LogPlan("", ["/a"], null, LogEncoding.Utf8, null, LogFormat.Text, [Rule("word", "ERROR|FATAL|障害"), Rule("any", "(?i)out of memory")], [Pattern.Read("test")], null, 2, 1, new MaskPlan(true, []))),
        new(new LogPlan("", ["/a"], null, LogEncoding.ShiftJis, Pattern.Read("^\\["), LogFormat.Text, [Rule("numbers", "[0-9]{3} [0-9]")], [], null, 1, 2, new MaskPlan(true, []))),
        new(new LogPlan("", ["/a"], null, LogEncoding.Utf8, null, LogFormat.ApacheAccess, [Rule("post", "POST", new StatusRange(400, 599)), new("all", null, new StatusRange(500, 599), HitLevel.Critical, null)], [], null, 0, 0, new MaskPlan(true, []))),
        new(new LogPlan("", ["/a"], null, LogEncoding.EucJp, null, LogFormat.ApacheError, [Rule("anything", ".")], [], null, 1, 1, new MaskPlan(true, []))),
    ];

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("log-lines", Lines, Room + "LineText.cs") { Tokens = [.. Target.Words("\n", "\r\n", "障害", "日本\n"), [0x8e], [0x8f, 0xa1], [0xa4, 0xa2], [0x82], [0x82, 0xa0], [0xe3, 0x81], [0xff]] },
        new("log-access", Access, Room + "AccessLine.cs") { Tokens = Target.Words(" [", "] \"", "\" ", "\\\"", "\\", "\" 404 ", "\" 500", "GET / HTTP/1.1", "[core:error] ", "2026/11/23 13:46:01 [error] ", "[") },
        new("log-masks", Mask, Room + "Masks.cs") { Tokens = Target.Words("password=", "token\": \"", "Authorization: Bearer ", "a@b.jp", "4111 1111 1111 1111", "03-1234-5678", "+81 90 1234 5678", "0", "-", " ", "@", ".", "=", "\""), Factor = 400, Short = 2_000 },
        new("log-hits", Hits, Room + "Segment.cs", Room + "HitJournal.cs") { Tokens = [[24, 0, 0, 0], [0, 0, 0, 1], [0xff, 0xff, 0xff, 0x7f], .. Target.Words("[]", "{}", "{\"seq\":1}")], Constant = 512 * 1024, Short = 500 },
        new("log-records", Records, Room + "HitMaker.cs", Room + "Matcher.cs", Room + "HitPool.cs", Room + "Hit.cs")
        {
            Tokens = [.. Target.Words("\n", "\r\n", "[", "\n[", "ERROR", "FATAL", "障害", "Out Of Memory", "test", "123 4", "] \"", "\" 500 ", "\" 404 ", "POST", "\ufeff", "password=x ", "2026/11/23 13:46:01 [error] ", "\t", "\0", "😀"), [0x8e], [0x82, 0xa0], [0xa4, 0xa2], [0xff], [0], [1], [2], [3]],
            Factor = 4000,
            Constant = 1024 * 1024,
            Short = 2_000,
        },
        new("log-journal", Journal, Room + "JournalEntry.cs")
        {
            Tokens = Target.Words("{\"__CURSOR\":\"c1\"", ",\"__REALTIME_TIMESTAMP\":\"1\"", ",\"MESSAGE\":", "\"SYSLOG_IDENTIFIER\":", "\"_PID\":\"7\"", "[66,65,68]", "[\"a\",\"b\"]", "[[", "null", "256", "-1", "1e9", "\\ud800", "\\u0000", "}", ","),
            Short = 3_000,
        },
        new("log-answer", Answer, "src/Hinoban/Checks/Via/LogAnswer.cs")
        {
            Tokens = Target.Words("{\"v\":1", ",\"next\":\"0123456789abcdef.7\"", ",\"more\":true", ",\"lost\":", ",\"status\":0", ",\"output\":\"", ",\"hits\":[", "{\"id\":\"0123456789abcdef0123456789abcdef\"", ",\"level\":2", ",\"at\":1", ",\"before\":[\"a\"]", ",\"count\":", "null", "\\ud800", "-1", "1e400", "9223372036854775808", "]}", "NRPE: ", "!"),
            Short = 3_000,
        },
        new("log-query", Query, "src/Hinoban.Agent/Serving/LogQuery.cs") { Tokens = Target.Words("hinoban_log!1!", "hinoban_log", "!", "!!", "applog", "0123456789abcdef.7", "50", "0", "-1", "2147483648") },
    ];

    // Every line's end is a line's end on both sides, whatever stands between.
    private static void Lines(ReadOnlyMemory<byte> input)
    {
        foreach (var encoding in (ReadOnlySpan<LogEncoding>)[LogEncoding.Utf8, LogEncoding.EucJp, LogEncoding.ShiftJis])
        {
            var text = new LineText();
            text.Load(input.Span, encoding);
            var chars = text.Chars;
            Hold.Same(chars.Count('\n'), input.Span.Count((byte)'\n'), "other lines than there are");
            var (at, place) = (0, 0);
            while (chars[at..].IndexOf('\n') is >= 0 and var end)
            {
                place += input.Span[place..].IndexOf((byte)'\n') + 1;
                at += end + 1;
                Hold.Same(text.ByteOf(at, input.Span), place, "a line begins at another byte");
            }
        }
    }

    private static void Access(ReadOnlyMemory<byte> input)
    {
        var line = Encoding.UTF8.GetString(input.Span);
        Hold.That(AccessLine.Status(line) is -1 or (>= 100 and <= 599), "a status that is none");
        _ = AccessLine.IsError(line);
    }

    private static void Mask(ReadOnlyMemory<byte> input)
    {
        // As much of a record as is kept.
        var text = Encoding.UTF8.GetString(input.Span[..Math.Min(input.Length, Hit.LongestText)]);
        var masked = Usual.Mask($"{text}\npassword=hush a.b@example.jp 4111111111111111 03-1234-5678\n");
        foreach (var secret in (string[])["hush", "@example.jp", "4111111111111111"])
        {
            Hold.That(text.Contains(secret, StringComparison.Ordinal) || !masked.Contains(secret, StringComparison.Ordinal), "what is to be masked stands there");
        }

        Hold.That(!Own.Mask(text).Contains("member7", StringComparison.Ordinal), "what the configuration masks stands there");
    }

    // After a crash anything may stand behind what was synced. Most inputs see the file alone: the journal around it opens and locks others.
    private static void Hits(ReadOnlyMemory<byte> input)
    {
        var kept = input.Span is [(byte)'!', ..] ? [] : Kept;
        var segment = Segment.New(Folder, 1);
        MadeFiles.Write(segment.Path, [.. kept, .. input.Span]);
        var state = segment.Recover();
        Hold.That(kept.Length == 0 || (segment.Last == 3 && segment.Length >= kept.Length && state is not null), "what was synced is lost");
        Hold.That(segment.After(1).Sum(f => f.Count) == (segment.Last == 3 ? 3 : 0), "other hits than were synced");
        if (input.Length % 16 == 0)
        {
            using var journal = HitJournal.Open(Folder, JournalLimits.Default);
            using var json = new Utf8JsonWriter(new MemoryStream());
            json.WriteStartArray();
            var (lost, next, _) = journal.Read(input.Length % 5, 100, 100_000, json, 0);
            Hold.That(lost == 0 && next == journal.Last && journal.Last == segment.Last, "the journal reads it otherwise");
        }
    }

    // Two appends, as they stand in the file.
    private static byte[] KeptHits()
    {
        var folder = MadeFiles.At("kept/hits");
        using var journal = HitJournal.Open(folder, JournalLimits.Default);
        var hit = new Hit { Id = "0123456789abcdef0123456789abcdef", Rule = "word", Level = HitLevel.Warning, At = 1, Source = "/a", Offset = 7, Text = "ERROR" };
        journal.Append([hit, hit], Usual, json => json.WriteRawValue("{}"), 1);
        journal.Append([hit], Usual, json => json.WriteRawValue("{}"), 2);
        return File.ReadAllBytes(Segment.New(folder, 1).Path);
    }

    // First byte: which log it is; the rest: what stands in the file.
    private static void Records(ReadOnlyMemory<byte> input)
    {
        if (!input.IsEmpty)
        {
            var ear = Ears[input.Span[0] % Ears.Length];
            var hits = ear.Hear(input.Span[1..], 1);
            Hold.That(hits.SequenceEqual(ear.Hear(input.Span[1..], 3)), "read as it grows it has other hits");
        }
    }

    private static void Journal(ReadOnlyMemory<byte> input)
    {
        if (JournalEntry.Parse(input) is { } entry)
        {
            Hold.That(entry.Cursor.Length > 0 && entry.Text.Length <= input.Length + 8, "an entry that was not said");
        }
    }

    // As a site takes it in and sends it on to the desk. With an exclamation mark in front it is a refusal.
    private static void Answer(ReadOnlyMemory<byte> input)
    {
        var refused = input.Span is [(byte)'!', ..];
        try
        {
            var document = LogAnswer.Read(new NrpePacket(NrpeVersion.V4, NrpeKind.Response, (short)(refused ? 3 : 0), Encoding.UTF8.GetString(input.Span[(refused ? 1 : 0)..])), Now);
            Hold.That(!document.Next.Contains('!', StringComparison.Ordinal) && document.Lost >= 0 && document.Hits.Count <= LogAnswer.Most, "an answer that cannot be gone on from");
            Hold.That(document.Hits.All(h => LogAnswer.IsIdentity(h.Identity) && h.Text.Length <= LogAnswer.LongestText && h.ReadUtc <= Now && h is { Offset: >= 0, Count: >= 0 }), "a hit beyond its limits");
            var writer = new ByteWriter();
            LogCodec.Write(writer, new LogReading(document.Next, document.Hits));
            var reader = new ByteReader(writer.Written);
            var again = new ByteWriter();
            LogCodec.Write(again, LogCodec.Read(ref reader));
            Hold.SameBytes(again.Written, writer.Written, "the desk reads it as another");
        }
        catch (NrpeBrokenException)
        {
            // What is nothing about a log ends so.
        }
    }

    private static void Query(ReadOnlyMemory<byte> input)
    {
        var isOne = LogQuery.Is(Encoding.UTF8.GetString(input.Span), out var query);
        Hold.That(query is null || (isOne && query is { Name.Length: > 0, Most: > 0 and <= 1000 }), "a query beyond its limits");
    }

    private static LogRulePlan Rule(string name, string pattern, StatusRange? status = null) => new(name, Pattern.Read(pattern), status, HitLevel.Warning, null);
}
