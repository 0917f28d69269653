using System.Text.Json.Nodes;

namespace Hinoban.Acceptance.Scene;

/// <summary>
/// An operator who responds by the API and does not lose their head when the desk dies under their hands: looks at the record, settles what
/// is unknown, and goes on where it stands.
/// </summary>
internal sealed class Operator(RealTown town, long incident, TimeSpan? patience = null)
{
    private const int ChangeStep = 3;
    private readonly TimeSpan patience = patience ?? TimeSpan.FromMinutes(3);
    private bool changing;

    /// <summary>Runs whose outcome nobody knew until the operator settled it.</summary>
    internal int Unknown { get; private set; }

    /// <summary>Claims, and works the runbook off until its last step has ended.</summary>
    internal Task RespondAsync(Action beforeChange) => Until.TrueAsync($"incident {incident} is responded to", patience, async () =>
    {
        var now = await town.Client.IncidentAsync(incident);
        if (now["claimed_by"] is null)
        {
            await DoAsync($"incidents/{incident}/claim", null);
            return false;
        }

        var open = now["runbook"]!.List("steps").FirstOrDefault(s => Last(s) is not ("done" or "not_needed"));
        if (open is null)
        {
            return true;
        }

        await GoOnAsync(open, now, beforeChange);
        return false;
    });

    private async Task GoOnAsync(JsonObject step, JsonObject now, Action beforeChange)
    {
        var number = step.Number("number");
        switch (Last(step))
        {
            case "running":
                return;
            case "unknown":
                Unknown++;
                await DoAsync(
                    $"incidents/{incident}/runbook/steps/{number}/resolve", new JsonObject { ["done"] = town.Web.Running, ["because"] = "looked at the host" });
                return;
        }

        if (number == ChangeStep && !changing)
        {
            changing = true;
            beforeChange();
        }

        // It may have recovered by itself: an interrupted command can have done its work. Then there is nothing to change.
        if (number == ChangeStep && now["recovered_utc"] is not null)
        {
            throw new InvalidOperationException($"Recovered, but the change is {Last(step)}: {now}");
        }

        var confirmed = number == ChangeStep ? new JsonObject { ["confirm_host"] = step.Word("host"), ["confirm_command"] = step.Word("command") } : null;
        await DoAsync($"incidents/{incident}/runbook/steps/{number}", confirmed);
    }

    // A refusal is no answer that an operator would go on from: they look at the record again, and it is what they last heard.
    private async Task DoAsync(string path, JsonObject? body)
    {
        var (status, said) = await town.Client.PostAsync(path, body);
        if (status >= 400)
        {
            throw new HttpRequestException($"POST {path}: {status} {said}", null, (System.Net.HttpStatusCode)status);
        }
    }

    private static string Last(JsonObject step) =>
        step.List("runs").LastOrDefault() is not { } run ? "none" : run["outcome"] is null ? "running" : run.Word("outcome");
}
