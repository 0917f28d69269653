using System.Diagnostics;

namespace Hinoban.Acceptance.Scene;

/// <summary>An address of this machine that can be cut off: a route makes the kernel answer "host unreachable" to whoever wants to reach it.</summary>
internal sealed class LoopbackHost : IDisposable
{
    private bool cut;

    /// <summary>An address that no other test process uses.</summary>
    internal string Address { get; } = $"127.77.{Environment.ProcessId / 250 % 250}.{(Environment.ProcessId % 250) + 1}";

    internal void Cut()
    {
        Assert.SkipUnless(Route("add"), "a route cannot be set: root and iproute2 are needed to make an address unreachable");
        cut = true;
    }

    internal void Mend()
    {
        Route("del");
        cut = false;
    }

    public void Dispose()
    {
        if (cut)
        {
            Mend();
        }
    }

    private bool Route(string verb)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", ["route", verb, "unreachable", $"{Address}/32"]))!;
            ip.WaitForExit();
            return ip.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
