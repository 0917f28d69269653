using System.Globalization;
using System.Text;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Console.Parts;

/// <summary>Where things lie in a chart's picture: its size, its scale, its hours or days, and the lines through its points.</summary>
internal sealed class ChartFrame
{
    internal const double Lane = 7;

    /// <summary>A warning threshold this many times above every value would press the lines flat: it is then named at the edge, as is a critical one that the scale does not reach.</summary>
    private const double TooFar = 4;

    /// <summary>A program may print any number: beyond this its scale would be none any more, and below the inverse of it is nothing.</summary>
    private const double Greatest = 1e300;

    /// <summary>Whatever the scale is, a page ends.</summary>
    private const int MostLines = 20;

    private ChartFrame(ChartView view, double least, double most, bool small)
    {
        View = view;
        (Width, Height, Left, Bottom, Small) = small ? (420, 126, 52, 28 + (Lane * view.Series.Count), true) : (880, 190, 64, 32 + (Lane * view.Series.Count), false);
        (Low, High, Step) = Scale(least, most, small ? 2 : 4);
    }

    internal ChartView View { get; }

    internal bool Small { get; }

    internal double Width { get; }

    internal double Height { get; }

    internal double Left { get; }

    internal double Right => 12;

    internal double Top => Small ? 10 : 22;

    internal double Bottom { get; }

    internal double Low { get; }

    internal double High { get; }

    internal double Step { get; }

    internal static ChartFrame Of(ChartView view, IReadOnlyList<ChartLevel> levels, bool small)
    {
        var values = view.Series.SelectMany(s => s.Points).SelectMany(p => new[] { p.Min, p.Max }).OfType<double>().Select(Held).DefaultIfEmpty(0).ToList();
        var (least, most) = (values.Min(), values.Max());
        var near = levels.Where(l => !l.Critical).Select(l => Held(l.Value)).Where(l => Math.Abs(l) < Math.Max(most, -least) * TooFar).ToList();
        return new ChartFrame(view, Math.Min(least, near.Append(0).Min()), near.Select(n => n * 1.1).Append(most * 1.15).Max(), small);
    }

    internal double X(DateTimeOffset at) => Left + ((Width - Left - Right) * Math.Clamp((at - View.FromUtc) / (View.ToUtc - View.FromUtc), 0, 1));

    internal double Y(double value) => Top + ((Height - Top - Bottom) * (1 - ((Math.Clamp(value, Low, High) - Low) / (High - Low))));

    internal IEnumerable<double> Lines()
    {
        for (var i = 0; i < MostLines && Low + (i * Step) <= High + (Step / 100); i++)
        {
            yield return Low + (i * Step);
        }
    }

    /// <summary>The means as an SVG path. It breaks where there was no value and where nobody looked: a hole in the record must not look like a measurement.</summary>
    internal string Line(ChartSeries series)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(series.Points))
        {
            foreach (var (index, point) in run.Index())
            {
                // A lone point is a line without length; its round caps make it visible.
                path.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? 'M' : 'L')}{X(point.AtUtc):0.#} {Y(point.Mean!.Value):0.#}{(index == 0 ? "h0" : "")}");
            }
        }

        return path.ToString();
    }

    /// <summary>From the least to the most as a filled path; empty where every point is one look.</summary>
    internal string Band(ChartSeries series)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(series.Points).Where(r => r.Exists(p => p.Max > p.Min)))
        {
            foreach (var (index, point) in run.Index())
            {
                path.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? 'M' : 'L')}{X(point.AtUtc):0.#} {Y(point.Max!.Value):0.#}");
            }

            foreach (var point in Enumerable.Reverse(run))
            {
                path.Append(CultureInfo.InvariantCulture, $"L{X(point.AtUtc):0.#} {Y(point.Min!.Value):0.#}");
            }

            path.Append('Z');
        }

        return path.ToString();
    }

    /// <summary>Marks under the lines: where the status was not OK, from one instant to the next.</summary>
    internal IEnumerable<(double From, double To, CheckStatus Status)> Marks(ChartSeries series)
    {
        var points = series.Points;
        for (var i = 0; i < points.Count; i++)
        {
            var start = i;
            while (i + 1 < points.Count && points[i + 1].Worst == points[start].Worst)
            {
                i++;
            }

            if (points[start].Worst != CheckStatus.Ok)
            {
                yield return (X(points[start].AtUtc), X(points[i].AtUtc), points[start].Worst);
            }
        }
    }

    /// <summary>What stands under the lines: hours of a day, days of a week, Mondays, or months.</summary>
    internal IEnumerable<(double X, string Word)> Ticks(Viewer viewer)
    {
        var zone = View.Range == ChartRange.Year ? View.Zone : viewer.Zone;
        var local = TimeZoneInfo.ConvertTime(View.FromUtc, zone);
        var every = View.Range switch
        {
            ChartRange.Day => Enumerable.Range(1, 24).Select(h => View.FromUtc.AddMinutes(-local.Minute).AddSeconds(-local.Second).AddHours(h)).Where(h => TimeZoneInfo.ConvertTime(h, zone).Hour % (Small ? 6 : 3) == 0),
            ChartRange.Week => Days(local, 8, zone, d => !Small || d.Day % 2 == 0),
            ChartRange.FiveWeeks => Days(local, 37, zone, d => d.DayOfWeek == DayOfWeek.Monday),
            ChartRange.Year => Days(local, 400, zone, d => d.Day == 1 && (!Small || d.Month % 3 == 1)),
        };
        return every.Where(at => at > View.FromUtc && at < View.ToUtc).Select(at => (X(at), Word(viewer.Language, TimeZoneInfo.ConvertTime(at, zone))));
    }

    /// <summary>For the reading under the pointer: minutes since the start, mean, status, least, most; short, since there may be a thousand.</summary>
    internal string Readings(ChartSeries series) => string.Join(' ', series.Points.Select(p =>
        string.Create(CultureInfo.InvariantCulture, $"{(p.AtUtc - View.FromUtc).TotalMinutes:0.0},{Short(p.Mean)},{(int)p.Worst}{(p.Max > p.Min ? $",{Short(p.Min)},{Short(p.Max)}" : "")}")));

    private static string Short(double? value) => value is { } v ? v.ToString("G6", CultureInfo.InvariantCulture) : "";

    private static IEnumerable<DateTimeOffset> Days(DateTimeOffset local, int count, TimeZoneInfo zone, Func<DateTime, bool> wanted) =>
        Enumerable.Range(0, count).Select(d => local.Date.AddDays(d)).Where(wanted).Select(d => ChartRules.Midnight(d, zone));

    private string Word(Language language, DateTimeOffset local) => (View.Range, language == Language.En) switch
    {
        (ChartRange.Day, _) => local.ToString("H:mm", CultureInfo.InvariantCulture),
        (ChartRange.Year, true) => local.ToString(local.Month == 1 ? "yyyy" : "MMM", CultureInfo.GetCultureInfo("en-GB")),
        (ChartRange.Year, false) => local.Month == 1 ? $"{local.Year}年" : $"{local.Month}月",
        (_, true) => local.ToString("d MMM", CultureInfo.GetCultureInfo("en-GB")),
        _ => local.ToString("M/d", CultureInfo.InvariantCulture),
    };

    private IEnumerable<List<ChartPoint>> Runs(IReadOnlyList<ChartPoint> points)
    {
        var run = new List<ChartPoint>();
        foreach (var point in points)
        {
            if (run.Count > 0 && (point.Mean is null || point.AtUtc - run[^1].AtUtc > View.Gap))
            {
                yield return run;
                run = [];
            }

            if (point.Mean is not null)
            {
                run.Add(point);
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private static double Held(double value) => Math.Abs(value) < 1 / Greatest ? 0 : Math.Clamp(value, -Greatest, Greatest);

    private static (double Low, double High, double Step) Scale(double least, double most, int lines)
    {
        var (_, step) = ChartMath.Nice(Math.Max(most, -least), lines);
        var (low, high) = (Math.Floor(Math.Min(0, least) / step) * step, Math.Ceiling((Math.Max(0, most) / step) - 1e-9) * step);
        return high > low ? (low, high, step) : (low, low + (step * lines), step);
    }
}
