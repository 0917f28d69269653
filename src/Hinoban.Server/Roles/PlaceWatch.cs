using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;

namespace Hinoban.Server.Roles;

/// <summary>
/// Notices that the data folder or a database in it was deleted, replaced or shut under the running process, and keeps what can still be kept: a copy of each
/// lost database, at once, from time to time and at the end, and the small files as they were. The next start takes these.
/// </summary>
internal sealed partial class PlaceWatch(string folder, TimeProvider clock, ILogger<PlaceWatch> log)
{
    /// <summary>What the health page says.</summary>
    internal const string LostWords = "The data folder or the database in it was deleted, replaced or shut.";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RememberEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CopyEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly SmallFiles small = new(folder);
    private readonly List<FileGuard> databases = [];
    private readonly FileMark? mark = FileMark.Of(folder);

    // Whoever holds the folder holds the one that it makes anew: a second process would take the copy and believe to be alone. A file system that somebody
    // mounted over it is not held: he may want to take it away again.
    private readonly bool holds = File.Exists(new DataFolder(folder).Lock);
    private IDisposable? held;
    private TimeSpan? remembered;
    private TimeSpan? copyDue;
    private string? failed;
    private string? unready;
    private volatile PlaceView view = PlaceView.Whole;

    /// <summary>As the last look found it.</summary>
    internal PlaceView View => view;

    /// <summary>A database in this folder; one without a file needs no eye.</summary>
    internal void Watch(Db db)
    {
        if (db.Guard is { } guard)
        {
            Watch(guard);
        }
    }

    internal void Watch(FileGuard guard) => databases.Add(guard);

    /// <summary>The loop.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>One look. Called every 5 s.</summary>
    internal void Look()
    {
        lock (gate)
        {
            var now = Moment.MonoOf(clock);
            var state = State();
            Turn(state);
            if (state == PlaceState.Whole)
            {
                Remember(now);
            }
            else if (state == PlaceState.Lost && !(now < copyDue))
            {
                Keep(now);
            }
        }
    }

    /// <summary>The last copy, when nothing is written any more.</summary>
    internal void End()
    {
        copyDue = null;
        Look();
    }

    private PlaceState State()
    {
        var now = FileMark.Of(folder, out var denied);
        PlaceState[] all = [denied ? PlaceState.Shut : mark is not null && now != mark ? PlaceState.Lost : PlaceState.Whole, .. databases.Select(d => d.State)];
        return all.Contains(PlaceState.Lost) ? PlaceState.Lost : all.Contains(PlaceState.Shut) || !FileMark.IsOpen(folder) ? PlaceState.Shut : PlaceState.Whole;
    }

    private void Turn(PlaceState state)
    {
        if (state == view.State)
        {
            return;
        }

        if (state == PlaceState.Whole)
        {
            Back(log, folder);
            Try(() => databases.ForEach(d => d.DropCopy()));
        }
        else if (state == PlaceState.Lost)
        {
            Lost(log, folder);
        }
        else
        {
            Shut(log, folder);
        }

        (copyDue, failed, view) = (null, null, new PlaceView(state, folder, null));
    }

    private void Remember(TimeSpan now)
    {
        var whys = databases.Select(d => Try(d.Begin)).OfType<string>().ToList();
        var why = whys.Count > 0 ? string.Join("; ", whys) : null;
        if (why is not null && unready is null)
        {
            NotReady(log, folder, why);
        }

        unready = why;
        if (!(now - remembered < RememberEvery))
        {
            remembered = now;
            Try(small.Remember);
        }
    }

    private void Keep(TimeSpan now)
    {
        string? copy = null;
        var others = FileMark.Of(folder) is { } there && there != mark;
        var why = Try(() =>
        {
            SmallFiles.MakeFolder(folder);
            if (holds && !others && !File.Exists(new DataFolder(folder).Lock))
            {
                held?.Dispose();
                held = new DataFolder(folder).Hold();
            }

            small.GiveBack();
            var copies = databases.Where(d => d.State == PlaceState.Lost).Select(d => d.Copy()).ToList();
            if (copies.Contains(null))
            {
                throw new IOException("a database was lost before it was watched, and cannot be copied any more");
            }

            copy = copies.FirstOrDefault();
        });
        copyDue = now + (why is null ? CopyEvery : TryAgain);
        if (why is null)
        {
            view = view with { Copy = copy ?? folder };
            Copied(log, copy ?? folder);
        }
        else if (why != failed)
        {
            NotCopied(log, folder, why);
        }

        failed = why;
    }

    // Null if it was done.
    private static string? Try(Action change)
    {
        try
        {
            change();
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or SqliteException)
        {
            return wrong.Message;
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "{Folder}, OR A DATABASE IN IT, WAS DELETED OR REPLACED under this process. It goes on, but what it records ends with it, except for the copies that it makes: put back what was there or leave the copies where they are, and restart it in an orderly way")]
    private static partial void Lost(ILogger log, string folder);

    [LoggerMessage(2, LogLevel.Critical, "{Folder} cannot be read, changed or entered any more. What is open goes on, but nothing in it will be found after a restart: give this process its rights back")]
    private static partial void Shut(ILogger log, string folder);

    [LoggerMessage(3, LogLevel.Warning, "{Folder} is as it was again")]
    private static partial void Back(ILogger log, string folder);

    [LoggerMessage(4, LogLevel.Warning, "What could still be kept was kept: {Copy}. The next start takes it if nothing else is there")]
    private static partial void Copied(ILogger log, string copy);

    [LoggerMessage(5, LogLevel.Critical, "Nothing could be kept of {Folder} ({Why}); tried again each minute and at the end. Until then do not end this process")]
    private static partial void NotCopied(ILogger log, string folder, string why);

    [LoggerMessage(6, LogLevel.Warning, "A database in {Folder} could not be opened for the day when it is lost ({Why}); tried again at each look. Until then no copy of it could be made")]
    private static partial void NotReady(ILogger log, string folder, string why);
}
