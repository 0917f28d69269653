using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;
using Text = Hinoban.Basics.Text;

namespace Hinoban.Checks.Via;

/// <summary>Hits that a site found gone from an agent's journal: an event like a hit, so that somebody is told of them and it happens to nobody in silence.</summary>
internal static class LogLost
{
    internal const string Rule = "lost";

    internal static Text Words(long lost) => new(
        string.Create(CultureInfo.InvariantCulture, $"検知 {lost} 件が、この監視拠点の読み取り前にエージェントの保存領域から失われました"),
        string.Create(CultureInfo.InvariantCulture, $"{lost} hits had left the agent's journal before this site read them"));

    /// <summary>The same for the same gap, however often it is met.</summary>
    internal static LogHit Hit(string cursor, long lost, DateTimeOffset now)
    {
        var gap = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Rule}\n{cursor}\n{lost}")));
        return new LogHit(Convert.ToHexStringLower(gap.AsSpan(0, 16)), Rule, CheckStatus.Warning, now, "", 0, Words(lost).Record, [], [], (int)Math.Min(lost, int.MaxValue));
    }
}
