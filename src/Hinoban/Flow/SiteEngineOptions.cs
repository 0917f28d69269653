using System.Globalization;

namespace Hinoban.Flow;

/// <summary>The limits of a site's engine.</summary>
internal sealed record SiteEngineOptions
{
    // A million items at 3 min of which a tenth hang for 10 s: 5,556 are out at any time, and the others must not wait for them.
    private const int Most = 10_000;

    /// <summary>Looks out at the same time.</summary>
    internal int Room { get; init; } = RoomFor(OpenFiles());

    /// <summary>Looks under way when the site is stopped get this long to end.</summary>
    internal TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long at most it then waits for killed plugins to be gone.</summary>
    internal TimeSpan ReapFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A look that has not returned this long after its time-out is given up as a fault of ours.</summary>
    internal TimeSpan Overrun { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Three descriptors a look (a plugin's two pipes and the one that tells of its end), and a fourth for everything else.</summary>
    internal static int RoomFor(long openFiles) => (int)Math.Clamp(openFiles / 4, 16, Most);

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
