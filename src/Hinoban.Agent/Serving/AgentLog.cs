using System.Globalization;

namespace Hinoban.Agent.Serving;

/// <summary>Lines for the system's journal, with its level marks. Of one kind not more than ten a minute: a log is no place to be filled from outside.</summary>
internal sealed class AgentLog(TextWriter to, TimeProvider clock)
{
    private const int MostOfOneKind = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Since, int Count)> kinds = [];

    internal void Note(string text) => Write(6, "", text);

    internal void Warn(string kind, string text) => Write(4, kind, text);

    internal void Fail(string text) => Write(3, "", text);

    private void Write(int level, string kind, string text)
    {
        lock (gate)
        {
            var more = "";
            if (kind.Length > 0)
            {
                var (since, count) = kinds.GetValueOrDefault(kind);
                if (count == 0 || clock.GetElapsedTime(since) > Window)
                {
                    more = count > MostOfOneKind ? string.Create(CultureInfo.InvariantCulture, $" ({count - MostOfOneKind} more like this were not written)") : "";
                    (since, count) = (clock.GetTimestamp(), 0);
                }

                kinds[kind] = (since, count + 1);
                if (count >= MostOfOneKind)
                {
                    return;
                }
            }

            to.WriteLine($"<{level.ToString(CultureInfo.InvariantCulture)}>{string.Concat(text.Select(c => char.IsControl(c) ? '?' : c))}{more}");
            to.Flush();
        }
    }
}
