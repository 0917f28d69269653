using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Hinoban.Lab;

/// <summary>
/// A slow wire between two network namespaces: a tun device in each, and every packet handed over after the delay, in order. For kernels
/// without netem; nothing is lost on it. Needs root.
/// </summary>
internal sealed class LabDelay : IAsyncDisposable
{
    private const int SetInterface = 0x400454ca; // TUNSETIFF
    private const short TunWithoutHeader = 0x1001; // IFF_TUN | IFF_NO_PI
    private readonly (string Namespace, string Device)[] ends;
    private readonly TimeSpan delay;
    private readonly List<Thread> readers = [];
    private readonly List<Task> writers = [];
    private readonly List<SafeFileHandle> handles = [];

    /// <param name="inside">Runs code in a namespace, by its name.</param>
    /// <param name="ends">Namespace and name of the device in it.</param>
    /// <param name="delay">Each way.</param>
    internal LabDelay(Func<string, Func<SafeFileHandle>, SafeFileHandle> inside, (string Namespace, string Device)[] ends, TimeSpan delay)
    {
        (this.ends, this.delay) = (ends, delay);
        foreach (var (name, device) in ends)
        {
            handles.Add(inside(name, () => Open(device)));
            Ip("-n", name, "link", "set", device, "up");
        }

        Carry(handles[0], handles[1]);
        Carry(handles[1], handles[0]);
    }

    public async ValueTask DisposeAsync()
    {
        // A device that goes ends the read that waits on it.
        foreach (var (name, device) in ends)
        {
            Ip("-n", name, "link", "del", device);
        }

        readers.ForEach(r => r.Join());
        await Task.WhenAll(writers);
        handles.ForEach(h => h.Dispose());
    }

    private void Carry(SafeFileHandle from, SafeFileHandle to)
    {
        var wire = Channel.CreateUnbounded<(byte[] Packet, long At)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var reader = new Thread(() => Read(from, wire.Writer)) { IsBackground = true, Name = "slow wire" };
        reader.Start();
        readers.Add(reader);
        writers.Add(Task.Run(() => WriteAsync(wire.Reader, to)));
    }

    private static void Read(SafeFileHandle from, ChannelWriter<(byte[], long)> wire)
    {
        var buffer = new byte[65_536];
        while (read(from, buffer, buffer.Length) is var length && length > 0)
        {
            wire.TryWrite((buffer[..(int)length], TimeProvider.System.GetTimestamp()));
        }

        wire.Complete();
    }

    private async Task WriteAsync(ChannelReader<(byte[] Packet, long At)> wire, SafeFileHandle to)
    {
        await foreach (var (packet, at) in wire.ReadAllAsync())
        {
            var left = delay - TimeProvider.System.GetElapsedTime(at);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, TimeProvider.System);
            }

            _ = write(to, packet, packet.Length);
        }
    }

    private static SafeFileHandle Open(string device)
    {
        var tun = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var request = new byte[40]; // struct ifreq: name, then flags
        Encoding.ASCII.GetBytes(device).CopyTo(request, 0);
        BitConverter.TryWriteBytes(request.AsSpan(16), TunWithoutHeader);
        return ioctl(tun, SetInterface, request) == 0
            ? tun
            : throw new InvalidOperationException($"no tun device {device}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"ip {string.Join(' ', arguments)}: {errors}"));
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle file, nuint request, [In, Out] byte[] argument);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle file, [Out] byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeFileHandle file, byte[] buffer, nint count);
}
