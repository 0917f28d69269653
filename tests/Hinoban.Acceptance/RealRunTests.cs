using System.Text.Json.Nodes;
using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance;

/// <summary>The main job, end to end: separate processes, real nginx, sshd and Postfix.</summary>
[Collection(TownStories.Name)]
public sealed class RealRunTests
{
    [Fact]
    public Task A_stopped_web_server_is_alerted_claimed_restarted_and_reported() => RealTown.PlayAsync(async town =>
    {
        town.Web.Stop();
        var id = (await town.IncidentAsync("web01", "http")).Number("id");
        foreach (var member in TownSpec.Members)
        {
            var alert = Assert.Single(await town.MailboxAsync(member, 1));
            Assert.StartsWith("** PROBLEM Service Alert: web01/http is CRITICAL **", alert.Subject, StringComparison.Ordinal);
        }

        await RespondAsync(town, id);
        Assert.True(town.Web.Running);
        var recovered = await town.WhenAsync(id, "recovered and told", i => i["recovered_utc"] is not null && RealTown.AllAccepted(i, "recovery"));
        await ReportAsync(town, recovered);
        var closed = await town.WhenAsync(id, "reported and closed", i => i.Events("closed").Count == 1 && RealTown.AllAccepted(i, "report"));

        await town.QuietAsync();
        foreach (var member in TownSpec.Members)
        {
            AssertThread(await town.MailboxAsync(member, 3), closed);
        }

        AssertTold(closed);
        Assert.Single(await town.Client.IncidentsAsync("closed"));
        Assert.Empty(await town.Client.IncidentsAsync());
    });

    [Fact]
    public Task An_unreachable_host_is_one_mail_that_lists_its_services_and_one_recovery() => RealTown.PlayAsync(
        async town =>
        {
            town.Second.Cut();
            var id = (await town.IncidentAsync("web02", "")).Number("id");
            var alerted = await town.WhenAsync(id, "alerted, both services with it", i => RealTown.AllAccepted(i, "alert") && i.Number("attached") == 2);
            var body = Assert.Single(alerted.Mails("alert")).Word("body");
            Assert.Contains("http", body, StringComparison.Ordinal);
            Assert.Contains("port", body, StringComparison.Ordinal);

            town.Second.Mend();
            var recovered = await town.WhenAsync(id, "recovered and told", i => i["recovered_utc"] is not null && RealTown.AllAccepted(i, "recovery"));
            await town.QuietAsync();
            foreach (var member in TownSpec.Members)
            {
                var mails = await town.MailboxAsync(member, 2);
                Assert.Equal(2, mails.Count);
                Assert.StartsWith("** PROBLEM Host Alert: web02 is DOWN **", mails[0].Subject, StringComparison.Ordinal);
                Assert.StartsWith("** RECOVERY Host Alert: web02 is UP **", mails[1].Subject, StringComparison.Ordinal);
                Assert.Equal(mails[0].MessageId, mails[1]["in-reply-to"]);
            }

            Assert.Equal(["http", "port"], recovered.Events("service-attached").Select(e => e.Word("service")).Order(StringComparer.Ordinal));
            Assert.Single(await town.Client.IncidentsAsync());
        },
        withSecondHost: true);

    private static async Task RespondAsync(RealTown town, long id)
    {
        Assert.Equal(409, (await town.Client.PostAsync($"incidents/{id}/runbook/steps/1")).Status);
        Assert.Equal(200, (await town.Client.PostAsync($"incidents/{id}/claim")).Status);
        await StepAsync(town, id, 1);
        await StepAsync(town, id, 2);

        var (status, problem) = await town.Client.PostAsync($"incidents/{id}/runbook/steps/3");
        Assert.Equal((409, "/problems/confirmation-needed"), (status, problem.Word("type")));
        Assert.Equal(("web01", town.Web.StartCommand), (problem.Word("host"), problem.Word("command")));
        Assert.False(town.Web.Running);
        Assert.DoesNotContain((await town.Client.IncidentAsync(id)).Events("step-started"), e => e.Number("step") == 3);
        await StepAsync(town, id, 3, new JsonObject { ["confirm_host"] = problem.Word("host"), ["confirm_command"] = problem.Word("command") });
        await StepAsync(town, id, 4);
    }

    private static async Task StepAsync(RealTown town, long id, int step, JsonObject? confirmed = null)
    {
        var (status, body) = await town.Client.PostAsync($"incidents/{id}/runbook/steps/{step}", confirmed);
        Assert.True(status == 200 && Assert.Single(body.List("runs")).Word("outcome") == "done", $"step {step}: {status} {body}");
    }

    private static async Task ReportAsync(RealTown town, JsonObject incident)
    {
        var id = incident.Number("id");
        var draft = (JsonObject)incident["report_draft"]!.DeepClone();
        Assert.Equal(422, (await town.Client.PostAsync($"incidents/{id}/report", (JsonObject)draft.DeepClone())).Status);
        draft["cause"] = "nginx が停止していました。";
        draft["calls"] = "電話連絡は不要でした。";
        var (status, body) = await town.Client.PostAsync($"incidents/{id}/report", draft);
        Assert.True(status == 200, $"report: {status} {body}");
        Assert.Equal(200, (await town.Client.PostAsync($"incidents/{id}/close", new JsonObject { ["reason"] = "reported" })).Status);
    }

    private static void AssertThread(IReadOnlyList<DeliveredMail> mails, JsonObject incident)
    {
        string[] ids = [.. new[] { "alert", "recovery", "report" }.Select(kind => Assert.Single(incident.Mails(kind)).Word("message_id"))];
        Assert.Equal(ids, mails.Select(m => m.MessageId));
        Assert.StartsWith("** RECOVERY Service Alert: web01/http is OK **", mails[1].Subject, StringComparison.Ordinal);
        Assert.Equal(ids[0], mails[1]["references"]);
        Assert.Equal(ids[0], mails[1]["in-reply-to"]);
        Assert.Equal($"{ids[0]} {ids[1]}", mails[2]["references"]);
        Assert.All(mails, m => Assert.Contains(TownSpec.ListAddress, m["to"], StringComparison.Ordinal));
    }

    /// <summary>The record tells it all, in order, with times.</summary>
    private static void AssertTold(JsonObject incident)
    {
        var events = incident.List("events").ToList();

        // A delivery has the time of the relay's answer, and is recorded when its turn comes.
        var times = events.FindAll(e => e.Word("event") != "delivery").ConvertAll(e => e.Instant("at_utc"));
        Assert.Equal(times.Order(), times);
        string[] first = [.. events.Select(Words).Distinct()];
        string[] order =
        [
            "opened", "notice alert", "delivery alert", "claimed", "step-started 1", "step-ended 1", "step-started 2", "step-ended 2",
            "step-started 3", "step-ended 3", "step-started 4", "step-ended 4", "report", "notice report", "delivery report", "closed",
        ];
        Assert.Equal(order, first.Where(order.Contains).Where(w => w is not ("delivery report" or "closed")).Concat(["delivery report", "closed"]));
        string[] recovery = ["step-started 3", "recovered", "notice recovery", "delivery recovery", "report"];
        Assert.Equal(recovery, first.Where(recovery.Contains));
        Assert.All(incident.Events("delivery"), d => Assert.True(d.Word("outcome") == "accepted" && d.Word("queue_id").Length > 0 && !d.Flag("possibly_twice")));
        Assert.Equal(9, incident.Events("delivery").Count);
        Assert.Contains(incident.Events("step-ended"), e => e.Word("transcript").Contains("[exit 0", StringComparison.Ordinal));
    }

    private static string Words(JsonObject e) => e.Word("event") switch
    {
        "notice" or "delivery" => $"{e.Word("event")} {e.Word("kind")}",
        "step-started" or "step-ended" => $"{e.Word("event")} {e.Word("step")}",
        var other => other,
    };
}
