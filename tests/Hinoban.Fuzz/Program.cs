using System.Runtime.InteropServices;
using Hinoban.Fuzz.Planting;

namespace Hinoban.Fuzz;

/// <summary>The long hunt (<c>./dev proof fuzz</c>), or the short one among the tests.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not ["hunt", .. var options])
        {
            return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
        }

        // Who ends it early is told what it has come to.
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return PlantedContext.Hunt(options, Console.Out, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
