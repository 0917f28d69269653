namespace Hinoban.Results;

/// <summary>How a spool groups and how much it keeps.</summary>
internal sealed record SpoolOptions
{
    /// <summary>Results that end within this time of the last commit share the next one; a lone result is committed at once.</summary>
    internal TimeSpan CommitEvery { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Results in one chunk, and in one batch at most this many chunks' worth.</summary>
    internal int ChunkResults { get; init; } = 500;

    internal int ChunkBytes { get; init; } = 128 * 1024;

    /// <summary>A batch is one transaction under the desk's gate: nobody who claims an incident should wait for a longer one.</summary>
    internal int BatchResults { get; init; } = 500;

    /// <summary>Unpacked; small enough that a slow line still has time for heartbeats between two, and far below what the desk refuses (<see cref="BatchCodec.MaxUnpacked"/>).</summary>
    internal int BatchBytes { get; init; } = 256 * 1024;

    /// <summary>Unpacked size of all that waits; beyond it the oldest backlog is dropped and counted.</summary>
    internal long MaxBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>A text of a result longer than this is cut, whatever the look delivered, so that every result fits into a batch.</summary>
    internal int MaxText { get; init; } = 256 * 1024;

    /// <summary>Results, and their size, that are held in memory while the disk takes none.</summary>
    internal int MaxUnkept { get; init; } = 50_000;

    internal long MaxUnkeptBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How often a disk that took nothing is tried again.</summary>
    internal TimeSpan TryDiskEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The spool lies in memory, because the disk did not even let it be opened: nothing in it is kept.</summary>
    internal bool Volatile { get; init; }

    /// <summary>For such a spool.</summary>
    internal static SpoolOptions InMemory { get; } = new() { Volatile = true, MaxBytes = 64L * 1024 * 1024 };
}
