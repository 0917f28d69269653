using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.States;

namespace Hinoban.Lab.Story;

/// <summary>A person at the desk: what they ask for is done by the desk's own commands, in its process.</summary>
internal sealed class StoryOperator(Story story, Actor actor)
{
    internal static readonly Actor Sato = new("sato", "佐藤", Role.Operator, Scope.Across("operator sato"));

    internal Task Claim(IncidentId incident) => Must(commands => commands.ClaimAsync(actor, incident));

    internal Task Note(IncidentId incident, string text) => Must(commands => commands.AddNoteAsync(actor, incident, text, forReport: true));

    internal Task Call(IncidentId incident, string contact, string tail, CallOutcome outcome, string said = "") =>
        Must(commands => commands.RecordCallAsync(actor, incident, contact, tail, outcome, said));

    /// <summary>Runs a step that only looks.</summary>
    internal Task Step(IncidentId incident, int step) => Must(commands => commands.RunStepAsync(actor, incident, step, null, null, CancellationToken.None));

    /// <summary>Asks for a change, sees host and command, and confirms them.</summary>
    internal async Task Change(IncidentId incident, int step)
    {
        var asked = await Do(commands => commands.RunStepAsync(actor, incident, step, null, null, CancellationToken.None));
        if (asked.Refusal != Refusal.ConfirmationNeeded)
        {
            throw new InvalidOperationException($"A change asks for a confirmation; this one: {asked}");
        }

        await Must(commands => commands.RunStepAsync(actor, incident, step, asked.Host, asked.Command, CancellationToken.None));
    }

    /// <summary>Sends the report as drafted, with what only a person can know filled in.</summary>
    internal async Task Report(IncidentId incident, Func<ReportParts, ReportParts> edit)
    {
        var draft = story.Incident(incident).Draft;
        await Must(commands => commands.SendReportAsync(actor, incident, edit(draft), interim: false));
    }

    internal Task Close(IncidentId incident, string reason) => Must(commands => commands.CloseAsync(actor, incident, reason));

    /// <summary>Maintenance of a host, a service or everything (<c>*</c>) from now on; gives the silence's id.</summary>
    internal async Task<long> Silence(string what, TimeSpan lasts, string reason = "maintenance")
    {
        var (host, service) = what.Split('/') is [var h, var s] ? (h, s) : (what == "*" ? "" : what, "");
        var id = 0L;
        await Must(async commands =>
        {
            var (outcome, set) = await commands.SetSilenceAsync(
                actor, new SilenceRequest(new CustomerId("sample-trading"), host, service, story.UtcNow, story.UtcNow + lasts, reason));
            id = set;
            return outcome;
        });
        return id;
    }

    internal Task EndSilence(long id, string reason) => Must(commands => commands.EndSilenceAsync(actor, id, reason));

    /// <summary>Whatever the desk answers.</summary>
    internal Task<CommandOutcome> Do(Func<IDeskCommands, Task<CommandOutcome>> command) => story.Desk.DoAsync(parts => command(parts.Commands));

    private async Task Must(Func<IDeskCommands, Task<CommandOutcome>> command)
    {
        var outcome = await Do(command);
        if (outcome.Refusal is { } refusal)
        {
            throw new InvalidOperationException($"{refusal}: {outcome.Message.En}");
        }
    }
}
