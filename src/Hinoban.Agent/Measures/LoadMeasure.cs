using System.Globalization;
using Hinoban.Agent.Setup;
using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Agent.Measures;

/// <summary>Load averages in the words of check_load.</summary>
internal static class LoadMeasure
{
    private static readonly string[] Minutes = ["1", "5", "15"];

    internal static Answer Take(LoadPlan plan, Roots roots)
    {
        var text = Kernel.Text($"{roots.Proc}/loadavg");
        var fields = text.Split(' ');
        var loads = new double[3];
        for (var i = 0; i < 3; i++)
        {
            if (fields.Length < 3 || !double.TryParse(fields[i], CultureInfo.InvariantCulture, out loads[i]))
            {
                return new Answer(CheckStatus.Unknown, $"LOAD UNKNOWN - {roots.Proc}/loadavg does not hold three numbers");
            }
        }

        return !plan.PerCore ? Total(plan, loads)
            : Processors($"{roots.Proc}/stat") is > 0 and var cores ? Scaled(plan, loads, cores)
            : new Answer(CheckStatus.Unknown, $"LOAD UNKNOWN - {roots.Proc}/stat names no processors");
    }

    // The machine's, which come and go: the framework's count is of what this program may use, quotas and all.
    private static int Processors(string stat) =>
        File.ReadLines(stat).TakeWhile(l => l.StartsWith("cpu", StringComparison.Ordinal)).Count(l => l.Length > 3 && char.IsAsciiDigit(l[3]));

    private static Answer Total(LoadPlan plan, double[] loads)
    {
        var status = Judge(plan, loads);
        var perf = Minutes.Select((m, i) => PerfText.Of($"load{m}", PerfText.Number(loads[i], "0.000"), plan.Limits[i], "0"));
        return new Answer(status, $"LOAD {Answer.Word(status)} - total load average: {Three(loads)}", "", string.Join(' ', perf));
    }

    private static Answer Scaled(LoadPlan plan, double[] loads, int cores)
    {
        var scaled = Array.ConvertAll(loads, l => l / cores);
        var status = Judge(plan, scaled);
        var perf = Minutes.SelectMany((m, i) => new[]
        {
            PerfText.Of($"load{m}", PerfText.Number(loads[i], "0.000"), default, "0"),
            PerfText.Of($"scaled_load{m}", PerfText.Number(scaled[i], "0.000"), plan.Limits[i], "0"),
        });
        return new Answer(
            status, $"LOAD {Answer.Word(status)} - scaled load average: {Three(scaled)} - total load average: {Three(loads)}", $"{cores} processors", string.Join(' ', perf));
    }

    private static CheckStatus Judge(LoadPlan plan, double[] loads) =>
        loads.Select((l, i) => plan.Limits[i].Judge(l)).Aggregate(CheckStatus.Ok, Answer.Worse);

    private static string Three(double[] loads) => string.Join(", ", loads.Select(l => PerfText.Number(l, "0.00")));
}
