using System.Globalization;
using System.Text.Json;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Logs;

/// <summary>Follows one command's logs: reads what is new, keeps the hits, and with them how far it has come.</summary>
internal sealed class LogFollower : IDisposable
{
    private const int StateVersion = 1;
    private const long Slice = 16 * 1024 * 1024;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);
    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly JournalLimits limits;
    private readonly HitPool pool;
    private readonly Masks masks;
    private readonly ILogSource source;
    private HitJournal? journal;
    private volatile Told told = new(new Answer(CheckStatus.Unknown, "LOG UNKNOWN: has not been read yet"), Passed: null);
    private string? trouble;
    private bool read;
    private long keptAt;

    internal LogFollower(string name, LogPlan plan, LogSetting setting, LogBuffers buffers, Action wake)
    {
        Plan = plan;
        folder = FolderOf(setting.Data, name);
        (clock, limits) = (setting.Clock, setting.Limits);
        pool = new HitPool(plan, clock);
        masks = new Masks(plan.Mask);
        source = plan.Journal is null ? new FileSource(plan, clock, pool, buffers) : new JournalSource(plan, clock, pool, buffers, setting.Journalctl, wake);
    }

    internal LogPlan Plan { get; }

    /// <summary>Whether everything can be read; never about hits. What was found long ago is not true any more: reading hangs then, here or at another log.</summary>
    internal Answer Health
    {
        get
        {
            var (answer, passed) = told;
            return passed is { } then && clock.GetElapsedTime(then) is var age && age > Stale
                ? new Answer(CheckStatus.Unknown, string.Create(CultureInfo.InvariantCulture, $"LOG UNKNOWN: has not been read for {(long)age.TotalSeconds} s: reading hangs, at this log or at another"), answer.Long, answer.Perf)
                : answer;
        }
    }

    /// <summary>A fault of this program ended it; another must begin where the journal says.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Unix milliseconds.</summary>
    internal long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Null as long as it could not be opened.</summary>
    internal HitJournal? Journal => journal;

    /// <summary>The folder of a command's journal: a name may hold anything.</summary>
    internal static string FolderOf(string data, string name) =>
        Path.Combine(data, $"log-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16))}");

    /// <summary>Reads once what there is, up to a slice; true if there is more.</summary>
    internal bool Pass()
    {
        var more = false;
        try
        {
            Open();

            // What could not be written is written before anything else is read: so a full disk loses nothing.
            Keep();
            pool.Begin(Now);
            source.Look();
            Keep();
            var budget = Slice;
            do
            {
                var left = budget;
                more = source.Read(ref budget);
                read |= budget < left;
                Keep();
            }
            while (more && budget > 0);
            trouble = null;
        }
        catch (Exception unkept) when (unkept is IOException or UnauthorizedAccessException)
        {
            trouble = $"hits cannot be kept in {folder}, reading waits: {unkept.Message}";
        }

        told = new Told(Tell(), clock.GetTimestamp());
        return more && trouble is null;
    }

    /// <summary>What it knows may be wrong and is not kept: it is of no more use than to say why.</summary>
    internal void Break(Exception fault)
    {
        IsBroken = true;
        told = new Told(new Answer(CheckStatus.Unknown, $"LOG UNKNOWN: a fault of this program: {fault.GetType().Name}: {fault.Message}"), Passed: null);
    }

    public void Dispose()
    {
        try
        {
            if (journal is not null && !IsBroken && (read || pool.Ready.Count > 0))
            {
                Append();
            }
        }
        catch (IOException)
        {
            // Then it is read once more, to the same hits.
        }

        try
        {
            source.Dispose();
        }
        finally
        {
            journal?.Dispose();
        }
    }

    private void Open()
    {
        if (journal is not null)
        {
            return;
        }

        var opened = HitJournal.Open(folder, limits);
        journal = opened; // from now on closed with this, whatever happens
        if (opened.State is { } state)
        {
            using var json = JsonDocument.Parse(state);
            if (json.RootElement.GetProperty("v").GetInt32() == StateVersion && json.RootElement.GetProperty("files").GetBoolean() == Plan.Journal is null)
            {
                pool.Read(json.RootElement.GetProperty("pool"));
                source.Resume(json.RootElement.GetProperty("source"));
            }
        }
    }

    private void Keep()
    {
        if (pool.Ready.Count > 0 || source.Changed || journal!.Aged(Now) || (read && clock.GetElapsedTime(keptAt) > Idle))
        {
            Append();
        }
    }

    private void Append()
    {
        journal!.Append(pool.Ready, masks, WriteState, Now);
        pool.Written();
        (source.Changed, read, keptAt) = (false, false, clock.GetTimestamp());
    }

    private void WriteState(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("v", StateVersion);
        json.WriteBoolean("files", Plan.Journal is null);
        json.WriteStartObject("pool");
        pool.Write(json, masks);
        json.WriteEndObject();
        json.WriteStartObject("source");
        source.Write(json, masks);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private Answer Tell()
    {
        List<string> wrong = trouble is null ? [.. source.Problems.Distinct(StringComparer.Ordinal)] : [trouble, .. source.Problems.Distinct(StringComparer.Ordinal)];
        var perf = string.Create(CultureInfo.InvariantCulture, $"hits={journal?.Last ?? 0}c");
        var more = string.Join('\n', source.Remarks);
        return wrong.Count > 0
            ? new Answer(CheckStatus.Unknown, $"LOG UNKNOWN: {string.Join("; ", wrong)}", more, perf)
            : new Answer(CheckStatus.Ok, $"LOG OK: reads {source.Reads}", more, perf);
    }

    /// <summary>What was found, and the timestamp of the pass that found it.</summary>
    private sealed record Told(Answer Answer, long? Passed);
}
