using System.Runtime.InteropServices;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>A file that this thread may not open for a while, though it be root's: root's power to open everything is laid down meanwhile.</summary>
internal sealed class Rights : IDisposable
{
    private const uint Version = 0x20080522;
    private const uint ToOpenAll = (1 << 1) | (1 << 2); // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    private readonly uint before;

    private Rights(string path)
    {
        File.SetUnixFileMode(path, UnixFileMode.None);
        before = Set(have => have & ~ToOpenAll);
    }

    internal static IDisposable Without(string path) => new Rights(path);

    public void Dispose() => Set(_ => before);

    // Of this thread only.
    private static uint Set(Func<uint, uint> change)
    {
        var (head, data) = (new uint[] { Version, 0 }, new uint[6]);
        Assert.Equal(0, capget(head, data));
        var had = data[0];
        data[0] = change(had);
        Assert.Equal(0, capset(head, data));
        return had;
    }

    [DllImport("libc")]
    private static extern int capget(uint[] head, [In, Out] uint[] data);

    [DllImport("libc")]
    private static extern int capset(uint[] head, uint[] data);
}
