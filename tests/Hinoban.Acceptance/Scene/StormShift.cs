using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Hinoban.Acceptance.Scene;

/// <summary>People at the console while the storm is on: one goes from page to page, another claims, notes and looks again.</summary>
internal sealed class StormShift(StormTown town)
{
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenActions = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource over = new();
    private readonly List<StormVisitor> visitors = [];
    private readonly List<string> refused = [];
    private Task[] working = [];
    private volatile JsonObject? largest;

    /// <summary>Actions that the desk answered with a refusal.</summary>
    internal IReadOnlyList<string> Refused => refused;

    internal async Task BeginAsync()
    {
        visitors.Add(await town.SignInAsync());
        visitors.Add(await town.SignInAsync());

        // What a program does for the first time it does slowly.
        for (var round = 0; round < 32; round++)
        {
            await PageAsync(visitors[0], round);
        }

        visitors.ForEach(v => v.Forget());
        working = [LookAsync(visitors[0]), ActAsync(visitors[1]), FindAsync()];
    }

    /// <summary>Ends the shift; gives the times of each page and action in milliseconds, in order.</summary>
    internal async Task<IReadOnlyDictionary<string, List<double>>> EndAsync()
    {
        await over.CancelAsync();
        await Task.WhenAll(working);
        var times = visitors.SelectMany(v => v.Forget()).GroupBy(p => p.Key, p => p.Value).ToDictionary(g => g.Key, g => g.SelectMany(l => l).Order().ToList());
        visitors.ForEach(v => v.Dispose());
        over.Dispose();
        return times;
    }

    private async Task FindAsync()
    {
        while (await PauseAsync(TimeSpan.FromSeconds(2)))
        {
            largest = (await town.Client.IncidentsAsync()).MaxBy(i => i.Number("joined") + i.Number("unreachable")) ?? largest;
        }
    }

    private async Task LookAsync(StormVisitor visitor)
    {
        for (var round = 0; await PauseAsync(BetweenPages); round++)
        {
            await PageAsync(visitor, round);
        }
    }

    private async Task PageAsync(StormVisitor visitor, int round)
    {
        var cause = town.Causes[0];
        var (what, path) = (round % 8) switch
        {
            0 => ("queue", "/"),
            1 when largest is { } one => ("incident", PathOf(one)),
            2 => ("hosts", "/hosts"),
            3 => ("hosts, problems only", "/hosts?problems=on"),
            4 => ("host", $"/hosts/{cause.Customer}/{cause.Name}-7"),
            5 when largest is { } one => ("list of the incident", $"{PathOf(one)}/all?of=together&q=-17"),
            6 => ("sites", "/sites"),
            _ => ("strip", "/strip"),
        };
        await visitor.GetAsync(what, path);
    }

    private async Task ActAsync(StormVisitor visitor)
    {
        for (var round = 0; await PauseAsync(BetweenActions); round++)
        {
            if (largest is not { } one)
            {
                continue;
            }

            var at = PathOf(one);
            await visitor.GetAsync("incident", at);
            var status = (round % 4) switch
            {
                0 => await visitor.PostAsync("claim", $"{at}/claim"),
                1 => await visitor.PostAsync("note", $"{at}/notes", ("text", $"note {round}")),
                2 => await visitor.PostAsync("recheck", $"{at}/steps/1/run"),
                _ => await visitor.PostAsync("note", $"{at}/notes", ("text", $"seen in round {round}"), ("report", "true")),
            };

            // Somebody who has it claims it again in vain, and a step that still runs is not begun again: refused, but answered.
            if (status is not (HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity))
            {
                refused.Add($"round {round}: {(int)status}");
            }
        }
    }

    private static string PathOf(JsonObject incident) => string.Create(CultureInfo.InvariantCulture, $"/incidents/{incident.Number("id")}");

    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
