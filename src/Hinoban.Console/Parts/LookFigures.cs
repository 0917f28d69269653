using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Console.Parts;

/// <summary>
/// How fast a look's target was. Of a ping these are the packets' round trip and loss: the look itself lasts as long as its packets are apart, which says nothing of the target.
/// </summary>
internal static class LookFigures
{
    internal const string RoundTrip = "rta";

    /// <summary>What people ask for, in a few words.</summary>
    internal static string Short(SiteView view) => Trip(view) is { } trip ? ChartMath.Seconds(trip) : ChartMath.Seconds(view.Took.TotalSeconds);

    /// <summary>The same with what belongs to it: a ping's loss, and how long the look lasted, by its name.</summary>
    internal static Text Long(SiteView view, string kind)
    {
        var took = ChartMath.Seconds(view.Took.TotalSeconds);
        return (Trip(view), Loss(view)) switch
        {
            ({ } trip, { } loss) => new($"RTA {ChartMath.Seconds(trip)} · 損失 {loss} · 監視の所要時間 {took}", $"RTA {ChartMath.Seconds(trip)} · loss {loss} · the look took {took}"),
            (null, { } loss) => new($"損失 {loss} · 監視の所要時間 {took}", $"loss {loss} · the look took {took}"),
            _ when IsAsked(kind) => new($"応答時間 {took}", $"response time {took}"),
            _ => new($"監視の所要時間 {took}", $"the look took {took}"),
        };
    }

    // Of what runs a program, here or inside the host, the time is the program's.
    private static bool IsAsked(string kind) => kind is "http" or "https" or "tcp" or "udp" or "dns" or "postgres" or "mysql" || ServiceKind.Is(kind);

    /// <summary>Its perf data has a round-trip time or a loss, as check_ping's.</summary>
    private static double? Trip(SiteView view)
    {
        var perf = new PerfReader(view.Perfdata);
        while (perf.Next())
        {
            if (PerfReader.Clean(perf.Label) == RoundTrip)
            {
                return perf.Unit is "us" ? perf.Value / 1_000_000 : perf.Unit is "s" ? perf.Value : perf.Value / 1000;
            }
        }

        return null;
    }

    private static string? Loss(SiteView view)
    {
        var perf = new PerfReader(view.Perfdata);
        while (perf.Next())
        {
            if (PerfReader.Clean(perf.Label) == "pl" && perf.Unit is "%")
            {
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{perf.Value:0.#}%");
            }
        }

        return null;
    }
}
