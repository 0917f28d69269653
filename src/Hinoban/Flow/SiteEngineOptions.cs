using System.Globalization;

namespace Hinoban.Flow;

/// <summary>The limits of a site's engine.</summary>
internal sealed record SiteEngineOptions
{
    /// <summary>Looks out at the same time.</summary>
    internal int Room { get; init; } = RoomFor(OpenFiles());

    /// <summary>Looks under way when the site is stopped get this long to end.</summary>
    internal TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long at most it then waits for killed plugins to be gone.</summary>
    internal TimeSpan ReapFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A look that has not returned this long after its time-out is given up as a fault of ours.</summary>
    internal TimeSpan Overrun { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Two descriptors a look (a plugin's two pipes), and as many again for everything else.</summary>
    internal static int RoomFor(long openFiles) => (int)Math.Clamp(openFiles / 4, 16, 2000);

    // The framework raises the soft limit to the hard one at start; /proc tells what is left of that.
    private static long OpenFiles()
    {
        const long usual = 1024;
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, var soft, ..]
                ? long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue
                : usual;
        }
        catch (IOException)
        {
            return usual;
        }
    }
}
