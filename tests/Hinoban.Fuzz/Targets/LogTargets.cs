extern alias agent;

using System.Text;
using System.Text.Json;
using agent::Hinoban.Agent.Logs;
using agent::Hinoban.Agent.Setup;

namespace Hinoban.Fuzz.Targets;

/// <summary>What the agent reads of other programs' logs, and its own journal of hits after a crash.</summary>
internal static class LogTargets
{
    private const string Room = "src/Hinoban.Agent/Logs/";

    private static readonly string Folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hinoban-fuzz-{Environment.ProcessId}-hits");
    private static readonly Masks Usual = new(new MaskPlan(true, []));

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("log-lines", Lines, Room + "LineText.cs") { Tokens = [.. Target.Words("\n", "\r\n", "障害", "日本\n"), [0x8e], [0x8f, 0xa1], [0xa4, 0xa2], [0x82], [0x82, 0xa0], [0xe3, 0x81], [0xff]] },
        new("log-access", Access, Room + "AccessLine.cs") { Tokens = Target.Words(" [", "] \"", "\" ", "\\\"", "\\", "\" 404 ", "\" 500", "GET / HTTP/1.1", "[core:error] ", "2026/11/23 13:46:01 [error] ", "[") },
        new("log-masks", Mask, Room + "Masks.cs") { Tokens = Target.Words("password=", "token\": \"", "Authorization: Bearer ", "a@b.jp", "4111 1111 1111 1111", "03-1234-5678", "+81 90 1234 5678", "0", "-", " ", "@", ".", "=", "\""), Factor = 400, Short = 2_000 },
        new("log-hits", Hits, Room + "Segment.cs", Room + "HitJournal.cs") { Tokens = [[24, 0, 0, 0], [0, 0, 0, 1], [0xff, 0xff, 0xff, 0x7f], .. Target.Words("[]", "{}", "{\"seq\":1}")], Constant = 512 * 1024, Short = 500 },
    ];

    // Every line's end is a line's end on both sides, whatever stands between.
    private static void Lines(ReadOnlyMemory<byte> input)
    {
        foreach (var encoding in (LogEncoding[])[LogEncoding.Utf8, LogEncoding.EucJp, LogEncoding.ShiftJis])
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
    }

    // After a crash anything may stand at a file's end.
    private static void Hits(ReadOnlyMemory<byte> input)
    {
        Directory.CreateDirectory(Folder);
        using (var file = new FileStream(Segment.New(Folder, 1).Path, FileMode.Create))
        {
            file.Write(input.Span);
        }

        using var journal = HitJournal.Open(Folder, JournalLimits.Default);
        using var json = new Utf8JsonWriter(new MemoryStream());
        json.WriteStartArray();
        var (lost, next, _) = journal.Read(null, 100, 100_000, json, 0);
        Hold.That(lost >= 0 && next <= journal.Last, "a hit that is not there");
    }
}
