namespace Hinoban.Storage;

/// <summary>
/// A file of real blocks beside the databases. When a write finds the disk full, the file is given up at once, so that alerts,
/// incidents and mails go on for a good while; it is made again when there is room.
/// </summary>
internal sealed class Reserve
{
    internal const long Usual = 16 * 1024 * 1024;
    private const int Block = 1024 * 1024;

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly string path;
    private readonly long size;
    private bool held;
    private int releases;
    private bool givenUp;

    internal Reserve(string folder, long size = Usual)
    {
        (this.folder, path, this.size) = (folder, Path.Combine(folder, "reserve"), size);
        held = new FileInfo(path) is { Exists: true } left && left.Length >= size;
    }

    /// <summary>Called once each time the reserve is given up, by whoever met the full disk.</summary>
    internal Action? Released { get; set; }

    internal bool Held => Volatile.Read(ref held);

    /// <summary>True from the moment it was given up until it is there again.</summary>
    internal bool GivenUp => Volatile.Read(ref givenUp);

    /// <summary>How often it was given up: to be read before a write, for <see cref="Release"/>.</summary>
    internal int Releases => Volatile.Read(ref releases);

    /// <summary>Free and total bytes where the reserve lies; null if the system does not tell.</summary>
    internal DiskRoom? Room()
    {
        try
        {
            var drive = new DriveInfo(folder);
            return new DiskRoom(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Makes the file if it is missing and there is room for it twice over; true if it is there.</summary>
    internal bool Make()
    {
        lock (gate)
        {
            if (held)
            {
                return true;
            }

            if (Room() is { } room && room.Free < 2 * size)
            {
                return false;
            }

            Volatile.Write(ref held, Fill());
            if (held)
            {
                Volatile.Write(ref givenUp, false);
            }

            return held;
        }
    }

    /// <summary>True if there is more room than when <see cref="Releases"/> was <paramref name="seen"/>: then the write is worth a second try.</summary>
    internal bool Release(int seen)
    {
        lock (gate)
        {
            if (releases != seen)
            {
                return true;
            }

            Volatile.Write(ref givenUp, true);
            if (!held || !Remove())
            {
                return false;
            }

            Volatile.Write(ref held, false);
            Volatile.Write(ref releases, releases + 1);
        }

        Released?.Invoke();
        return true;
    }

    // Written and not only announced, and with bytes that no file system can compress: so that the blocks are there.
    private bool Fill()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[Block];
            System.Security.Cryptography.RandomNumberGenerator.Fill(block);
            for (var written = 0L; written < size; written += Block)
            {
                file.Write(block, 0, (int)Math.Min(Block, size - written));
            }

            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            Remove();
            return false;
        }
    }

    private bool Remove()
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
