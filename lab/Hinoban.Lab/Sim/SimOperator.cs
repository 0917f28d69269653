using System.Data.Common;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.Storage;

namespace Hinoban.Lab.Sim;

/// <summary>The person at the desk: looks every few minutes, takes most incidents, reports many of those that are over, and closes some.</summary>
internal sealed class SimOperator(StoryWorld world, SimScript script)
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(4);

    private readonly HashSet<long> tried = [];

    internal async Task WorkAsync()
    {
        var ends = script.Length - TimeSpan.FromHours(1);
        while (world.Clock.Elapsed + Round < ends)
        {
            await Task.Delay(Round, world.Clock);
            try
            {
                await RoundAsync();
            }
            catch (NodeKilledException)
            {
                // The desk died over it; the next round sees what is left to do.
            }
            catch (Exception trouble) when (trouble is DbException || StorageTrouble.Is(trouble))
            {
                // Its disk takes nothing, or another node has the desk: it says so, and is asked again.
            }
        }
    }

    private async Task RoundAsync()
    {
        if (!world.Desk.Runs)
        {
            return;
        }

        var rows = await world.Desk.DoAsync(parts => Task.FromResult(parts.Queries.Incidents(People.Scope.Across("operator"))));
        foreach (var row in rows)
        {
            if (!world.Desk.Runs)
            {
                return;
            }

            var lot = (int)(((script.Seed * 7919L) + (row.Id.Value * 104_729)) % 10);
            await (row.Stage switch
            {
                IncidentStage.Responding when script.Packed && tried.Add(row.Id.Value) => RestartAsync(row.Id),
                IncidentStage.Unclaimed when lot < 7 => Do((by, commands) => commands.ClaimAsync(by, row.Id)),
                IncidentStage.ReportOwed when lot is > 1 and < 8 => Do((by, commands) => commands.SendReportAsync(by, row.Id, new ReportParts("s", "c", "a", "none"), interim: false)),
                IncidentStage.Reported when lot % 2 == 0 => Do((by, commands) => commands.CloseAsync(by, row.Id, "done")),
                _ => Task.CompletedTask,
            });
        }
    }

    // Asks, sees host and command, and confirms them. Nobody waits for its end: it has other incidents to see to.
    private Task RestartAsync(IncidentId incident)
    {
        _ = AskedAsync();
        return Task.CompletedTask;

        async Task AskedAsync()
        {
            try
            {
                var asked = await Step(null, null);
                if (asked.Refusal == Refusal.ConfirmationNeeded)
                {
                    await Step(asked.Host, asked.Command);
                }
            }
            catch (Exception broken) when (broken is NodeKilledException or DbException || StorageTrouble.Is(broken))
            {
                // The desk died over it, or could not write: it is not tried again.
            }
        }

        Task<CommandOutcome> Step(string? host, string? command) =>
            world.Desk.DoAsync(parts => parts.Commands.RunStepAsync(StoryOperator.Sato, incident, 1, host, command, CancellationToken.None));
    }

    private Task Do(Func<People.Actor, IDeskCommands, Task<CommandOutcome>> command) => world.Desk.DoAsync(parts => command(StoryOperator.Sato, parts.Commands));
}
