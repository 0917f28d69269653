using Hinoban.Fuzz.Planting;

namespace Hinoban.Fuzz;

/// <summary>The long hunt (<c>./dev proof fuzz</c>), or the short one among the tests.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args is ["hunt", .. var options]
        ? Task.FromResult(PlantedContext.Hunt(options, Console.Out))
        : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
