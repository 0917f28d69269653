using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Notifying;

/// <summary>What the relay's own records tell about an attempt whose outcome we do not know.</summary>
internal enum RelayKnows
{
    /// <summary>It took the message; the queue id is known.</summary>
    Accepted,

    /// <summary>The records cover the time, and the message is not in them.</summary>
    Absent,

    /// <summary>Not in them, but the relay may not have written it yet: ask again a little later.</summary>
    TooEarly,

    /// <summary>There are no records, they do not cover the time, or they stop in the middle of this message.</summary>
    CannotTell,
}

/// <summary>The answer of <see cref="RelayRecords"/>.</summary>
internal sealed record RelayAnswer(RelayKnows Knows, string QueueId = "");

/// <summary>
/// Looks an attempt up in a Postfix log. The envelope sender is different for each delivery, and qmgr writes it with the queue id
/// only after the message is safe in the queue: that line is the proof. The Message-ID in cleanup's line of the same queue id must be
/// ours too, since another database may once have used the same delivery number.
/// </summary>
internal sealed partial class RelayRecords(string? path)
{
    /// <summary>How long after the attempt a missing line proves nothing: Postfix logs within milliseconds, a loaded machine within seconds.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private const int Block = 1 << 18;
    private const int MostRead = 64 << 20;

    /// <summary>
    /// Asks for an attempt that began at <paramref name="sinceUtc"/> by this machine's clock, which the log's is too. Too early for a few seconds only: an
    /// attempt that seems to lie further ahead was written before the clock was set back, and then a log whose times turn round proves no absence.
    /// </summary>
    internal RelayAnswer LookUp(string envelopeSender, string messageId, DateTimeOffset sinceUtc, DateTimeOffset nowUtc)
    {
        if (path is null)
        {
            return new RelayAnswer(RelayKnows.CannotTell);
        }

        try
        {
            // The proof is the sender and the Message-ID, not the time: after a clock was set back, what was taken is found on either side of the step.
            var (earlier, later) = sinceUtc <= nowUtc ? (sinceUtc, nowUtc) : (nowUtc, sinceUtc);

            // The log has whole seconds.
            var (lines, covered) = LinesSince(earlier.AddSeconds(-2), later);
            var setBack = nowUtc <= sinceUtc - Grace;
            return Judge(lines, covered && !setBack, envelopeSender, messageId, early: !setBack && nowUtc - sinceUtc < Grace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new RelayAnswer(RelayKnows.CannotTell);
        }
    }

    private static RelayAnswer Judge(List<string> lines, bool covered, string envelopeSender, string messageId, bool early)
    {
        var ours = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (Cleanup().Match(line) is { Success: true } head && head.Groups["id"].Value == messageId)
            {
                ours.Add(head.Groups["queue"].Value);
            }
            else if (Queued().Match(line) is { Success: true } queued)
            {
                var queueId = queued.Groups["queue"].Value;
                if (queued.Groups["from"].Value == envelopeSender && ours.Contains(queueId))
                {
                    return new RelayAnswer(RelayKnows.Accepted, queueId);
                }

                // Another recipient's copy of the same message, safely queued: no open question.
                ours.Remove(queueId);
            }
        }

        if (early)
        {
            return new RelayAnswer(RelayKnows.TooEarly);
        }

        return new RelayAnswer(covered && ours.Count == 0 ? RelayKnows.Absent : RelayKnows.CannotTell);
    }

    // Covered: the log begins before the time in question, and somebody wrote to it since (at least our own new connection).
    private (List<string> Lines, bool Covered) LinesSince(DateTimeOffset since, DateTimeOffset latestUtc)
    {
        var (lines, begins) = Tail(path!, since, latestUtc);
        if (!begins && File.Exists(path + ".1"))
        {
            var (older, olderBegins) = Tail(path + ".1", since, latestUtc);
            lines = [.. older, .. lines];
            begins = olderBegins;
        }

        return (lines, begins && lines.Count > 0);
    }

    /// <summary>The file's lines written at or after a time, and whether the file also has earlier ones.</summary>
    private static (List<string> Lines, bool Begins) Tail(string file, DateTimeOffset since, DateTimeOffset latestUtc)
    {
        using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var from = log.Length;
        var text = "";
        var firstWhole = 0;
        var begins = false;
        while (from > 0 && !begins && log.Length - from < MostRead)
        {
            var take = (int)Math.Min(Block, from);
            from -= take;
            var bytes = new byte[take];
            log.Position = from;
            log.ReadExactly(bytes);
            text = Encoding.Latin1.GetString(bytes) + text;
            firstWhole = from == 0 ? 0 : text.IndexOf('\n', StringComparison.Ordinal) + 1;
            begins = At(text.AsSpan(firstWhole), latestUtc) is { } first && first <= since.AddSeconds(2);
        }

        // What a block begins with may be the rest of a line, and tells no time of its own.
        var lines = text[firstWhole..].Split('\n').Where(line => At(line, latestUtc) >= since).ToList();
        return (lines, begins);
    }

    /// <summary><c>Apr 14 02:13:20</c> in local time without a year, or ISO 8601; null where a line begins otherwise.</summary>
    private static DateTimeOffset? At(ReadOnlySpan<char> line, DateTimeOffset latestUtc)
    {
        // A time of day alone would be read as today's.
        var space = line.IndexOf(' ');
        if (space > 18 && line[4] == '-' && line[10] == 'T' && DateTimeOffset.TryParse(line[..space], CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var iso))
        {
            return iso;
        }

        if (line.Length < 15
            || !DateTime.TryParseExact($"{latestUtc.Year} {line[..15]}", "yyyy MMM d HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var local))
        {
            return null;
        }

        var at = new DateTimeOffset(local, TimeZoneInfo.Local.GetUtcOffset(local));
        return at > latestUtc.AddDays(1) ? at.AddYears(-1) : at;
    }

    [GeneratedRegex(@"/cleanup\[\d+\]: (?<queue>[0-9A-Za-z]+): message-id=(?<id><[^>]*>)")]
    private static partial Regex Cleanup();

    [GeneratedRegex(@"/qmgr\[\d+\]: (?<queue>[0-9A-Za-z]+): from=<(?<from>[^>]*)>, size=")]
    private static partial Regex Queued();
}
