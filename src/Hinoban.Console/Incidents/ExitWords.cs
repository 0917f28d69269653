using Hinoban.Basics;
using Hinoban.Responding;

namespace Hinoban.Console.Incidents;

/// <summary>An exit code is said once: by the reason if that is about it, else beside the outcome.</summary>
internal static class ExitWords
{
    /// <summary>The reason says more than the code alone, and names it.</summary>
    internal static bool Tells(Text because, int code) =>
        because != RespondText.ExitCode(code) && because.En.StartsWith(RespondText.ExitCode(code).En, StringComparison.Ordinal);

    /// <summary>The reason, unless it is nothing but the code.</summary>
    internal static Text Because(Text because, int? code) => code is { } exit && because == RespondText.ExitCode(exit) ? Text.Same("") : because;
}
