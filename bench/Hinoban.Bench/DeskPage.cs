using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Bench;

/// <summary>Where a desk that a bench starts listens, and the figures that it tells of itself there.</summary>
internal sealed partial class DeskPage : IDisposable
{
    private readonly HttpClient http;

    internal DeskPage()
    {
        Listen = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        http = new HttpClient { BaseAddress = new Uri(Listen), Timeout = TimeSpan.FromSeconds(60) };
    }

    internal string Listen { get; }

    /// <summary>All of them; none while it does not serve.</summary>
    internal async Task<ILookup<string, double>> ReadAsync()
    {
        try
        {
            return Line().Matches(await http.GetStringAsync("/metrics")).ToLookup(m => m.Groups[1].Value, m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return Array.Empty<int>().ToLookup(_ => "", _ => 0.0);
        }
    }

    /// <summary>The sum over all sites; 0 if there is none.</summary>
    internal async Task<double> ReadAsync(string name) => Of(await ReadAsync(), name);

    internal static double Of(ILookup<string, double> metrics, string name) => metrics[name].Sum();

    internal static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan? atMost = null, TimeSpan? every = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (atMost ?? TimeSpan.FromMinutes(10)))
            {
                throw new TimeoutException("It did not come to hold.");
            }

            await Task.Delay(every ?? TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex(@"^(\w+)(?:\{[^}]*\})? ([0-9.eE+-]+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
