using Hinoban.Checks;

namespace Hinoban.Tests.Results;

/// <summary>Log hits for tests.</summary>
internal static class SomeHits
{
    internal static readonly DateTimeOffset Noon = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);

    internal static LogHit Hit(int number, CheckStatus level = CheckStatus.Warning, DateTimeOffset? read = null, string? text = null, int suppressed = 0) => new(
        number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
        "match1",
        level,
        read ?? Noon.AddSeconds(number),
        "/var/log/messages",
        number * 80,
        text ?? $"Error: line {number}",
        [$"before {number}"],
        [$"after {number}"],
        1,
        suppressed);

    internal static LookAnswer Read(string cursor, params LogHit[] hits) =>
        new(CheckStatus.Ok, Reply.Answer, NoValue.None, "LOG OK: reads 1 file", "", "hits=1c") { Log = new LogReading(cursor, hits) };

    internal static LogHit Wild(Random random) => new(
        random.NextInt64().ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
        Some.Hostile(random),
        random.Next(2) == 0 ? CheckStatus.Warning : CheckStatus.Critical,
        new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero),
        Some.Hostile(random),
        random.NextInt64(),
        Some.Hostile(random),
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => Some.Hostile(random))],
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => Some.Hostile(random))],
        random.Next(),
        random.Next());
}
