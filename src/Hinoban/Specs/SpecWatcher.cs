using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Specs;

/// <summary>
/// Reloads the specifications when their files change. Looks every two seconds instead of asking the kernel: works on every
/// file system, and misses nothing that happens between two events.
/// </summary>
internal sealed class SpecWatcher(
    EditionDesk desk, IReadOnlyList<string> paths, Action<SpecReload> reloaded, TimeProvider clock, ILogger<SpecWatcher> log)
{
    internal static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>Up to here contents count too, so that even a change that keeps time and size is seen.</summary>
    private const long HashedUpTo = 1024 * 1024;

    private readonly Lock gate = new();
    private string loaded = "";

    /// <summary>The plan that still runs elsewhere because whoever was called back failed: to them the next reload is a change.</summary>
    private DeskPlan? undelivered;
    private string seen = "";

    /// <summary>Reads the files now, whatever they look like (the start). Throws what the files or the database throw.</summary>
    internal SpecReload ReloadNow()
    {
        lock (gate)
        {
            return Reload(Fingerprint());
        }
    }

    /// <summary>The same for somebody who has nobody to tell (SIGHUP): what fails, a disk that takes nothing, is told in the log.</summary>
    internal void ReloadAsked()
    {
        try
        {
            ReloadNow();
        }
        catch (Exception exception)
        {
            SpecLog.Failed(log, exception);
        }
    }

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>
    /// A change counts when it has stood still from one look to the next: half a file, valid by chance, would take hosts out.
    /// </summary>
    internal void Look()
    {
        try
        {
            lock (gate)
            {
                var now = Fingerprint();
                if (now != loaded && now == seen)
                {
                    Reload(now);
                }

                seen = now;
            }
        }
        catch (Exception exception)
        {
            SpecLog.Failed(log, exception);
        }
    }

    private SpecReload Reload(string fingerprint)
    {
        var reload = desk.Load(paths, Moment.Of(clock));
        if (reload.Accepted)
        {
            reload = reload with { Before = undelivered ?? reload.Before };
            undelivered = reload.Before;
        }

        Log(reload);
        reloaded(reload);
        undelivered = reload.Accepted ? null : undelivered;
        loaded = fingerprint;
        return reload;
    }

    private void Log(SpecReload reload)
    {
        if (!reload.Accepted)
        {
            var errors = reload.Problems.Count(p => p.Level == ProblemLevel.Error);
            SpecLog.Refused(log, Counted.Of(errors, "error"), reload.Plan.Revision);
        }
        else if (reload.Changed)
        {
            SpecLog.Taken(log, reload.Plan.Revision, Counted.Of(reload.Changes.Count, "customer"), Counted.Of(reload.Problems.Count, "note"));
        }
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = HashedUpTo;
        foreach (var file in SpecSources.Files(paths))
        {
            try
            {
                // A link's own length says nothing of what it leads to.
                var real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}\n{real.Length}\n{real.LastWriteTimeUtc.Ticks}\n")));
                left -= real.Length;
                if (left >= 0 && SpecSources.Read(real.FullName, HashedUpTo) is { } content)
                {
                    hash.AppendData(content);
                }
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                hash.AppendData("unreadable"u8);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
