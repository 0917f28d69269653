using Hinoban.Basics;

namespace Hinoban.Console.Parts;

/// <summary>The words of charts.</summary>
internal static class ConsoleTextChart
{
    internal static Text Empty { get; } = new("まだ測定値がありません。", "No measurements yet.");
}
