using Hinoban.Basics;

namespace Hinoban.Console.Lists;

/// <summary>The words about specifications that were not taken.</summary>
internal static class ConsoleTextSpecs
{
    internal static Text Title { get; } = new("監視仕様書に誤りがあります", "The specification has errors");

    internal static Text Hint { get; } = new(
        "変更は適用されていません。誤りが見つかる前の版で監視を続けています。ファイルを直すと自動で読み直し、誤りがなくなればこの表示は消えます。",
        "The change is not in force: the editions before it go on running. Mend the file and it is read again by itself; once nothing is wrong this is gone.");

    internal static Text ReadAt { get; } = new("読み込み", "read at");

    internal static Text Right { get; } = new("正しくは:", "Right:");

    internal static Text Pill(int count) => new($"監視仕様書に誤り {count:N0}件", count == 1 ? "Specification: 1 error" : $"Specification: {count:N0} errors");

    internal static Text Place(int line, int column) => new($"{line}行{column}桁", $"line {line}:{column}");

    internal static Text More(int count) => new($"ほか {count:N0}件", $"and {count:N0} more");
}
