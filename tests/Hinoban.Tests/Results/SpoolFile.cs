using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Tests.Results;

/// <summary>A spool in a folder of its own, which can be copied as a crash would leave it.</summary>
internal sealed class SpoolFile : IAsyncDisposable
{
    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly SpoolOptions options;

    internal SpoolFile(TimeProvider clock, SpoolOptions? options = null, string? from = null, Action<Exception?>? diskTurned = null)
    {
        (this.clock, this.options) = (clock, options ?? new SpoolOptions());
        folder = Directory.CreateTempSubdirectory("hinoban-spool-").FullName;
        if (from is not null)
        {
            foreach (var file in Directory.GetFiles(from))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        }

        Db = Db.OpenFile(Path.Combine(folder, "spool.db"), SchemaKind.Site);
        Spool = new SiteSpool(Db, clock, this.options, diskTurned);
    }

    internal Db Db { get; }

    internal SiteSpool Spool { get; }

    /// <summary>The files as a kill at this moment leaves them, opened by a new process's eyes.</summary>
    internal SpoolFile Crash() => new(clock, options, folder);

    public async ValueTask DisposeAsync()
    {
        await Spool.DisposeAsync();
        Db.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
