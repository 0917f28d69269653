using System.Globalization;
using System.Text.Json.Nodes;
using Hinoban.Lab;

namespace Hinoban.Acceptance.Paths;

/// <summary>A path's trouble is not the target's: real processes in real networks, whose router breaks one path or all of them.</summary>
public sealed class PathTests(PathScene scene, ITestOutputHelper output) : IClassFixture<PathScene>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Items = ["", "http", "port"];

    [Fact]
    public async Task One_sites_path_cut_for_ten_cycles_is_the_desks_matter_and_no_mail()
    {
        scene.Need();
        var before = await BeginAsync();
        var cut = Now();
        scene.Net.Drop(NetLab.Tokyo, NetLab.Target);
        var sites = await scene.Api.UntilAsync("sites", s => Troubles(s, NetLab.Tokyo).Count == Items.Length, Patience, "path trouble of all items is shown at tokyo");
        Say("path trouble shown", cut);
        foreach (var trouble in Troubles(sites, NetLab.Tokyo))
        {
            var votes = trouble["evidence"]!.AsArray().ToDictionary(e => PathScene.Word(e!, "site"), e => PathScene.Word(e!, "vote"));
            Assert.Equal(new Dictionary<string, string> { [NetLab.Tokyo] = "transport", [NetLab.Osaka] = "ok" }, votes);
        }

        Assert.Empty(Troubles(sites, NetLab.Osaka));
        var until = TimeProvider.System.GetUtcNow() + (PathScene.Interval * 10) - TimeProvider.System.GetElapsedTime(cut);
        await scene.Api.UntilAsync(
            "services", s => PathScene.Services(s).All(i => PathScene.Views(i).All(v => v["look_utc"]!.GetValue<DateTimeOffset>() > until)),
            Patience + (PathScene.Interval * 10), "ten cycles have passed");
        var services = await scene.Api.GetAsync("services");
        Assert.All(PathScene.Services(services), i => Assert.Equal("path_trouble", PathScene.Word(i, "reach")));
        Say("ten cycles", cut);
        await NobodyToldAsync(before);

        var mended = Now();
        scene.Net.Clear();
        await scene.AllWellAsync(Patience);
        await scene.Api.UntilAsync("sites", s => Troubles(s, NetLab.Tokyo).Count == 0, Patience, "the path trouble has cleared");
        Say("path trouble cleared", mended);
        await NobodyToldAsync(before);
    }

    [Fact]
    public async Task A_site_that_loses_its_own_way_out_is_isolated_and_what_it_sees_is_no_evidence()
    {
        scene.Need();
        var before = await BeginAsync();
        var cut = Now();
        scene.Net.Drop(NetLab.Tokyo, NetLab.Anchor);
        scene.Net.Drop(NetLab.Tokyo, NetLab.Target);
        await scene.Api.UntilAsync("sites", s => Site(s, NetLab.Tokyo)["isolated"]!.GetValue<bool>(), Patience, "tokyo calls itself isolated");
        Say("isolation shown", cut);
        var services = await scene.Api.UntilAsync(
            "services", s => PathScene.Services(s).All(i => VoteOf(i, NetLab.Tokyo) == "void_isolated"), Patience, "tokyo's votes are void");
        Say("votes void", cut);
        Assert.All(PathScene.Services(services), i => Assert.Equal("ok", VoteOf(i, NetLab.Osaka)));
        var until = TimeProvider.System.GetUtcNow() + (PathScene.Interval * 5);
        await scene.Api.UntilAsync(
            "services",
            s => PathScene.Services(s).All(i => PathScene.Views(i).Any(v => v["look_utc"]!.GetValue<DateTimeOffset>() > until)),
            Patience + (PathScene.Interval * 5), "five cycles have passed");
        Assert.Empty(Troubles(await scene.Api.GetAsync("sites"), NetLab.Tokyo));
        await NobodyToldAsync(before);

        scene.Net.Clear();
        await scene.AllWellAsync(Patience);
        await scene.Api.UntilAsync("sites", s => !Site(s, NetLab.Tokyo)["isolated"]!.GetValue<bool>(), Patience, "tokyo is no longer isolated");
        await NobodyToldAsync(before);
    }

    [Fact]
    public async Task A_firewall_that_resets_one_sites_connections_is_no_failure_of_the_target()
    {
        scene.Need();
        var before = await BeginAsync();
        var reset = Now();
        scene.Net.Reset(NetLab.Tokyo, NetLab.Target);
        var sites = await scene.Api.UntilAsync("sites", s => Troubles(s, NetLab.Tokyo).Count == 2, Patience, "path trouble of http and port is shown");
        Say("path trouble shown", reset);
        Assert.All(Troubles(sites, NetLab.Tokyo), t => Assert.Contains(t["evidence"]!.AsArray(), e => PathScene.Word(e!, "site") == NetLab.Tokyo && PathScene.Word(e!, "no_value") == "refused"));
        scene.Net.Clear();
        await scene.AllWellAsync(Patience);
        await NobodyToldAsync(before);
    }

    [Fact]
    public async Task Both_paths_cut_is_the_host_down_in_one_mail_that_lists_its_services()
    {
        scene.Need();
        var (before, incidents) = await BeginAsync();
        var cut = Now();
        scene.Net.Drop(NetLab.Tokyo, NetLab.Target);
        scene.Net.Drop(NetLab.Osaka, NetLab.Target);
        var alert = (await scene.Mails.UntilAsync(m => m.Count > before, Patience))[before];
        Say("fault to mail", cut);
        Assert.Contains("** PROBLEM Host Alert: web01 is DOWN **", alert.Subject, StringComparison.Ordinal);
        Assert.Contains("拠点判定: tokyo=NG osaka=NG\n", alert.Text, StringComparison.Ordinal);
        Assert.Contains("\n- http: ", alert.Text, StringComparison.Ordinal);
        Assert.Contains("\n- port: ", alert.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("片系", alert.Text, StringComparison.Ordinal);
        await FailingAsync(2);

        var mended = Now();
        scene.Net.Clear();
        await RecoveredAsync(alert, (before, incidents), mended);
    }

    [Fact]
    public async Task A_site_cut_off_while_the_target_dies_leaves_the_other_to_speak_alone_and_to_say_so()
    {
        scene.Need();
        var (before, incidents) = await BeginAsync();
        var cut = Now();
        scene.Net.CutOff(NetLab.Osaka);
        scene.Net.Drop(NetLab.Tokyo, NetLab.Target);
        var alert = (await scene.Mails.UntilAsync(m => m.Count > before, Patience * 2))[before];
        Say("fault to mail", cut);
        Assert.Contains("** PROBLEM Host Alert: web01 is DOWN **", alert.Subject, StringComparison.Ordinal);
        var unwrapped = alert.Text.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("※片系(1拠点)での判定です。他の拠点の監視結果が得られないため、tokyoの結果のみで判定しております。", unwrapped, StringComparison.Ordinal);
        Assert.Contains("tokyo=NG", alert.Text, StringComparison.Ordinal);
        var sites = await scene.Api.GetAsync("sites");
        Assert.Equal([true, false], new[] { NetLab.Tokyo, NetLab.Osaka }.Select(n => Site(sites, n)["connected"]!.GetValue<bool>()));
        await FailingAsync(1);

        var mended = Now();
        scene.Net.Clear();
        await RecoveredAsync(alert, (before, incidents), mended);
    }

    /// <summary>All is well; how many mails and incidents there have been so far.</summary>
    private async Task<(int Mails, int Incidents)> BeginAsync()
    {
        scene.Net.Clear();
        await scene.AllWellAsync(Patience);
        return await SoFarAsync();
    }

    // The provider's own alarms (a loaded machine misses cycles of four seconds) are told to nobody outside; they are named in the output.
    private async Task<(int Mails, int Incidents)> SoFarAsync()
    {
        var open = (await scene.Api.GetAsync("incidents"))["incidents"]!.AsArray().Select(i => i!).ToLookup(i => PathScene.Word(i, "customer") == "provider");
        foreach (var own in open[true])
        {
            output.WriteLine($"own alarm: {PathScene.Word(own, "host")}/{PathScene.Word(own, "service")}: {PathScene.Word(own, "output")}");
        }

        return (scene.Mails.Mails.Count, open[false].Count());
    }

    private async Task NobodyToldAsync((int Mails, int Incidents) before)
    {
        Assert.Equal(before, await SoFarAsync());
        Assert.Empty(scene.Errors);
    }

    // Both services fail too, and still nobody is told twice.
    private async Task FailingAsync(int views) => await scene.Api.UntilAsync(
        "services", s => PathScene.Services(s).All(i => PathScene.Views(i).Count(v => PathScene.Word(v, "status") == "critical" && PathScene.Word(v, "type") == "hard") >= views),
        Patience, "all items fail");

    private async Task RecoveredAsync(SinkMail alert, (int Mails, int Incidents) before, long mended)
    {
        var mails = await scene.Mails.UntilAsync(m => m.Count > before.Mails + 1, Patience);
        Say("mended to recovery mail", mended);
        Assert.Contains("** RECOVERY Host Alert: web01 is UP **", mails[before.Mails + 1].Subject, StringComparison.Ordinal);
        Assert.Contains(alert.MessageId, mails[before.Mails + 1].References);
        await scene.AllWellAsync(Patience);

        // Two more cycles in which something late could be sent.
        var until = TimeProvider.System.GetUtcNow() + (PathScene.Interval * 2);
        await scene.Api.UntilAsync(
            "services", s => PathScene.Services(s).All(i => PathScene.Views(i).All(v => v["look_utc"]!.GetValue<DateTimeOffset>() > until)), Patience, "two more cycles");
        await NobodyToldAsync((before.Mails + 2, before.Incidents + 1));
    }

    private static JsonNode Site(JsonNode sites, string name) => sites["sites"]!.AsArray().Single(s => PathScene.Word(s!, "name") == name)!;

    private static string VoteOf(JsonNode service, string site) =>
        PathScene.Word(service["evidence"]!.AsArray().Single(e => PathScene.Word(e!, "site") == site)!, "vote");

    private static List<JsonNode> Troubles(JsonNode sites, string name) => [.. Site(sites, name)["path_troubles"]!.AsArray().Select(t => t!)];

    private static long Now() => TimeProvider.System.GetTimestamp();

    private void Say(string what, long since) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s"));
}
