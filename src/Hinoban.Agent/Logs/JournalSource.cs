using System.Globalization;
using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Records from systemd's journal, by journalctl from the last one's cursor on.</summary>
internal sealed class JournalSource : ILogSource
{
    internal static IReadOnlyList<string> Standard { get; } = ["/usr/bin/journalctl"];

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);
    private static readonly string[] Telling = ["not seeing messages", "No journal files"];
    private readonly JournalPlan plan;
    private readonly TimeProvider clock;
    private readonly HitPool pool;
    private readonly HitMaker maker;
    private readonly IReadOnlyList<string> program;
    private readonly Action wake;
    private readonly LineStream stream = new() { Source = "systemd-journal" };
    private readonly List<string> problems = [];
    private JournalChild? child;
    private string? end;
    private long endedAt;
    private string? cursor;
    private long since;

    internal JournalSource(LogPlan plan, TimeProvider clock, HitPool pool, LogBuffers buffers, IReadOnlyList<string> program, Action wake)
    {
        (this.plan, this.clock, this.pool, this.program, this.wake) = (plan.Journal!, clock, pool, program, wake);
        maker = new HitMaker(plan, pool, buffers.Text);
    }

    public string Reads => "systemd's journal";

    public IReadOnlyList<string> Problems => problems;

    public IEnumerable<string> Remarks => [];

    public bool Changed { get; set; }

    public void Look()
    {
        pool.Release(stream);
        if (since == 0)
        {
            (since, Changed) = (clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000, true);
        }

        TakeLeave();
        if (child is null && (end is null || clock.GetElapsedTime(endedAt) > Again))
        {
            child = JournalChild.Start(Command(), wake);
            TakeLeave();
        }

        problems.Clear();
        if (child is not { Started: true })
        {
            problems.AddRange(end is null ? [] : [end]);
        }
        else if (child.Complaint is var said && Telling.Any(t => said.Contains(t, StringComparison.Ordinal)))
        {
            problems.Add($"journalctl: {said}");
        }
    }

    private void TakeLeave()
    {
        if (child is { Ended: true })
        {
            (end, endedAt) = (child.End, clock.GetTimestamp());
            child.Dispose();
            child = null;
        }
    }

    public bool Read(ref long budget)
    {
        while (!pool.Full && budget > 0)
        {
            if (child is null || !child.Next(out var entry))
            {
                return false;
            }

            end = null;
            cursor = entry.Cursor;
            budget -= entry.Text.Length;
            if (entry.Microseconds >= since)
            {
                maker.Take(stream, entry.Text, entry.Cursor);
            }
        }

        return true;
    }

    public void Write(Utf8JsonWriter json, Masks masks)
    {
        json.WriteString("cursor", cursor ?? "");
        json.WriteNumber("since", since);
        json.WriteStartArray("waiting");
        stream.Waiting.ForEach(h => h.Write(json, masks, seq: null));
        json.WriteEndArray();
    }

    public void Resume(JsonElement json)
    {
        cursor = json.TryGetProperty("cursor", out var kept) && kept.GetString() is { Length: > 0 } text ? text : null;
        since = json.GetProperty("since").GetInt64();
        stream.Waiting.AddRange(json.GetProperty("waiting").EnumerateArray().Select(Hit.Read));
        pool.Resume(stream);
    }

    public void Dispose()
    {
        child?.Dispose();
        child = null;
    }

    // From the cursor on, without a cursor from the second in which the watch began.
    private List<string> Command() =>
    [
        .. program,
        "--follow",
        "--no-tail",
        "--no-pager",
        "--all",
        "--output=json",
        "--output-fields=MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_PID",
        cursor is null ? string.Create(CultureInfo.InvariantCulture, $"--since=@{since / 1_000_000}") : $"--after-cursor={cursor}",
        .. plan.Units.Select(u => $"--unit={u}"),
        .. plan.Priority is null ? Array.Empty<string>() : [$"--priority={plan.Priority}"],
    ];
}
