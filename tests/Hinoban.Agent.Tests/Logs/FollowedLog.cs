using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Hinoban.Agent.Logs;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Lab;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>A command's logs in a folder of their own, followed pass by pass under a clock that stands still until it is moved.</summary>
internal sealed class FollowedLog : IDisposable
{
    private readonly LogBuffers buffers = new();
    private readonly JournalLimits limits;
    private readonly IReadOnlyList<string> journalctl;

    /// <param name="command">The command's JSON; LOGS stands for the folder.</param>
    internal FollowedLog(string command, JournalLimits? limits = null, IReadOnlyList<string>? journalctl = null)
    {
        (this.limits, this.journalctl) = (limits ?? JournalLimits.Default, journalctl ?? ["/nonexistent/journalctl"]);
        Directory.CreateDirectory(Logs);
        Plan = Read(command);
        Follower = Start();
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("hinoban-agent-log-").FullName;

    internal string Logs => Path.Combine(Folder, "logs");

    internal string Data => Path.Combine(Folder, "data");

    internal LabClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    internal LogPlan Plan { get; private set; }

    internal LogFollower Follower { get; private set; }

    internal int Woken { get; private set; }

    internal string Log(string name = "app.log") => Path.Combine(Logs, name);

    internal void Append(string text, string name = "app.log") => File.AppendAllText(Log(name), text);

    /// <summary>Reads until there is nothing more.</summary>
    internal void Pass()
    {
        while (Follower.Pass())
        {
        }
    }

    /// <summary>Time goes by, and the log is read again.</summary>
    internal void After(TimeSpan time)
    {
        Clock.Advance(time);
        Pass();
    }

    /// <summary>All files were written long ago, and everything that waits has waited long enough.</summary>
    internal void Settle()
    {
        for (var n = 0; n < 2; n++)
        {
            var behind = TimeProvider.System.GetUtcNow() - Clock.GetUtcNow();
            After(TimeSpan.FromSeconds(6) + (behind > TimeSpan.Zero ? behind : TimeSpan.Zero));
        }
    }

    /// <summary>The agent ends in order and begins again, perhaps with another command.</summary>
    internal void Restart(string? command = null)
    {
        Follower.Dispose();
        Plan = command is null ? Plan : Read(command);
        Follower = Start();
    }

    /// <summary>The agent is gone in this moment, with all that it had not written.</summary>
    internal void Kill()
    {
        Follower.Journal?.Dispose();
        Follower = Start();
    }

    internal JsonElement Answer(string cursor = "", int most = 1000) => JsonDocument.Parse(new LogQuery("x", cursor, most).Answer(Follower)).RootElement;

    internal IReadOnlyList<JsonElement> Hits()
    {
        var hits = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var answer = Answer(cursor);
            hits.AddRange(answer.GetProperty("hits").EnumerateArray());
            cursor = answer.GetProperty("next").GetString()!;
            if (!answer.GetProperty("more").GetBoolean())
            {
                return hits;
            }
        }
    }

    internal IReadOnlyList<string> Texts() => [.. Hits().Select(h => h.GetProperty("text").GetString()!)];

    /// <summary>As logrotate does it: app.log becomes app.log.1, what was .1 becomes .2, compressed if so wished.</summary>
    internal void Rotate(bool copy = false, bool compress = false, int keep = 20)
    {
        for (var n = keep; n >= 1; n--)
        {
            var next = (n + 1).ToString(CultureInfo.InvariantCulture);
            foreach (var end in new[] { "", ".gz" })
            {
                var from = Log(string.Create(CultureInfo.InvariantCulture, $"app.log.{n}{end}"));
                if (!File.Exists(from))
                {
                    continue;
                }

                File.Move(from, Log($"app.log.{next}{end}"), overwrite: true);
                if (compress && end.Length == 0)
                {
                    Compress($"app.log.{next}");
                }
            }
        }

        if (copy)
        {
            File.Copy(Log(), Log("app.log.1"));
            using var file = new FileStream(Log(), FileMode.Open, FileAccess.Write);
            file.SetLength(0);
        }
        else
        {
            File.Move(Log(), Log("app.log.1"));
            File.WriteAllText(Log(), "");
        }
    }

    /// <summary>With the time of the file that is gone afterwards, as gzip leaves it.</summary>
    internal void Compress(string name)
    {
        var written = File.GetLastWriteTimeUtc(Log(name));
        using (var from = File.OpenRead(Log(name)))
        using (var to = new GZipStream(File.Create(Log($"{name}.gz")), CompressionLevel.Fastest))
        {
            from.CopyTo(to);
        }

        File.SetLastWriteTimeUtc(Log($"{name}.gz"), written);
        File.Delete(Log(name));
    }

    public void Dispose()
    {
        Follower.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private LogFollower Start() =>
        new("x", Plan, new LogSetting(Data, Clock, new AgentLog(TextWriter.Null, Clock)) { Limits = limits, Journalctl = journalctl }, buffers, () => Woken++);

    private LogPlan Read(string command) => Reading.Command<LogPlan>(command.Replace("LOGS", Logs, StringComparison.Ordinal));
}
