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
    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly JournalLimits limits;
    private readonly HitPool pool;
    private readonly Masks masks;
    private readonly ILogSource source;
    private HitJournal? journal;
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
        Health = new Answer(CheckStatus.Unknown, "LOG UNKNOWN: has not been read yet");
    }

    internal LogPlan Plan { get; }

    /// <summary>Whether everything can be read; never about hits.</summary>
    internal Answer Health { get; private set; }

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
            pool.Begin(clock.GetUtcNow().ToUnixTimeMilliseconds());
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

        Health = Tell();
        return more && trouble is null;
    }

    public void Dispose()
    {
        try
        {
            if (journal is not null && (read || pool.Ready.Count > 0))
            {
                Append();
            }
        }
        catch (IOException)
        {
            // Then it is read once more, to the same hits.
        }

        source.Dispose();
        journal?.Dispose();
    }

    private void Open()
    {
        if (journal is not null)
        {
            return;
        }

        var opened = HitJournal.Open(folder, limits);
        if (opened.State is { } state)
        {
            using var json = JsonDocument.Parse(state);
            if (json.RootElement.GetProperty("v").GetInt32() == StateVersion && json.RootElement.GetProperty("files").GetBoolean() == Plan.Journal is null)
            {
                pool.Read(json.RootElement.GetProperty("pool"));
                source.Resume(json.RootElement.GetProperty("source"));
            }
        }

        journal = opened;
    }

    private void Keep()
    {
        if (pool.Ready.Count > 0 || source.Changed || (read && clock.GetElapsedTime(keptAt) > Idle))
        {
            Append();
        }
    }

    private void Append()
    {
        journal!.Append(pool.Ready, masks, WriteState, clock.GetUtcNow().ToUnixTimeMilliseconds());
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
}
