using Hinoban.Flow;
using Hinoban.Storage;

namespace Hinoban.Server.Roles;

/// <summary>How the disk of the data folder stands.</summary>
internal sealed record DiskState(long? Free, bool Low, bool Full);

/// <summary>
/// Keeps the reserve of the data folder: makes it at the start and again when there is room, and tells the log when the disk gets low,
/// is full, and has room again. Each is said once.
/// </summary>
internal sealed partial class DiskWatch(Reserve reserve, string folder, TimeProvider clock, ILogger<DiskWatch> log)
{
    /// <summary>What the health page says of a full disk.</summary>
    internal const string FullWords = "The disk of the data folder is full.";

    private const long NoRoom = 1024 * 1024;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private bool toldFull;
    private bool toldLow;

    /// <summary>As it is now; asks the system, which is cheap.</summary>
    internal DiskState State()
    {
        if (reserve.Room() is not { } room)
        {
            return new DiskState(null, Low: false, Full: reserve.GivenUp);
        }

        var full = reserve.GivenUp || room.Free < NoRoom;
        return new DiskState(room.Free, full || room.IsLow, full);
    }

    /// <summary>The loop.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        reserve.Released = Look;
        Tend();
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            Tend();
        }
    }

    private void Tend()
    {
        reserve.Make();
        Look();
    }

    private void Look()
    {
        lock (gate)
        {
            var state = State();
            if (state.Full != toldFull)
            {
                toldFull = state.Full;
                if (state.Full)
                {
                    Full(log, folder);
                }
                else
                {
                    Room(log, folder);
                }
            }

            if (state.Low && !state.Full && !toldLow)
            {
                Low(log, folder, (state.Free ?? 0) / 1_000_000);
            }

            toldLow = state.Low;
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "THE DISK OF {Folder} IS FULL. The desk runs on its reserve and stops recording when that is used up: make room at once")]
    private static partial void Full(ILogger log, string folder);

    [LoggerMessage(2, LogLevel.Warning, "The disk of {Folder} has room again; the reserve is back")]
    private static partial void Room(ILogger log, string folder);

    [LoggerMessage(3, LogLevel.Warning, "The disk of {Folder} is getting full: {Megabytes} MB are free")]
    private static partial void Low(ILogger log, string folder, long megabytes);
}
