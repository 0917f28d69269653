using System.Text.Json.Nodes;
using Hinoban.Acceptance.Scene;
using Hinoban.States;

namespace Hinoban.Acceptance.Paths;

/// <summary>
/// The row of the matrix in which there is no desk: its process is killed and stays away while two sites go on. The target fails as the desk dies and works
/// again, a path breaks for a while, and the target fails once more; then the desk is back, takes over what the sites did, and tells the end.
/// </summary>
internal sealed class DeskGone(FaultTown town)
{
    private static readonly string[] Items = [FaultTown.Http, FaultTown.Named];
    private readonly FaultMatrix matrix = new(town);

    internal static string Name(TimeSpan gone) => gone.TotalMinutes >= 10 ? $"desk gone for {gone.TotalMinutes:0} min" : $"desk gone for {gone.TotalSeconds:0} s";

    /// <summary>Plays it; the figures are of the alert that came closer to its bound.</summary>
    internal async Task<FaultFigures> PlayAsync(TimeSpan gone)
    {
        await matrix.BeginAsync();
        var mailsBefore = town.Mails.Count;
        var left = TimeProvider.System.GetTimestamp();
        await town.Program(NetLab.Desk).KillAsync();
        var dying = await FailAsync(FaultBound.Away);
        town.StartWeb();
        await matrix.RecoveredAsync(Items);

        var (held, pathMails) = await PathAsync();
        await RestAsync(gone - (town.Times.Interval * 3), left);
        matrix.Mark();
        var amid = await FailAsync(FaultBound.Printed);
        await RestAsync(gone, left);
        Assert.False(town.Program(NetLab.Desk).Running);

        town.Program(NetLab.Desk).Start();
        await TakenOverAsync(opened: Items.Length);

        // A desk that did not know would tell it again now.
        await Task.Delay(town.Times.Interval * 2, TimeProvider.System);
        town.StartWeb();
        await matrix.RecoveredAsync(Items);
        await town.AllWellAsync();
        await Task.Delay(town.Times.Interval * 2, TimeProvider.System);
        var mails = town.Mails.Skip(mailsBefore).ToList();
        Assert.True(mails.Count == 4 * Items.Length, string.Join(", ", mails.Select(m => m.Subject)));
        Assert.Equal(mails.Count, mails.Select(m => m.MessageId).Distinct().Count());
        await TakenOverAsync(opened: 0);
        var (took, limit) = amid.Took / amid.Limit > dying.Took / dying.Limit ? amid : dying;
        return new FaultFigures(Name(gone), held, pathMails, took, limit);
    }

    private async Task<(double Took, double Limit)> FailAsync(FaultBound bound)
    {
        var start = TimeProvider.System.GetUtcNow();
        town.Web.Stop();
        return await matrix.MailedAsync(start, FaultForm.Refused, bound, Items);
    }

    // Without a desk a broken path alarms nobody either.
    private async Task<(TimeSpan Held, int Mails)> PathAsync()
    {
        matrix.Mark();
        town.Net.Drop(NetLab.Tokyo, NetLab.Target);
        town.Net.Drop(NetLab.Target, NetLab.Tokyo);
        var held = matrix.Hold(FaultBound.OneWay);
        await Task.Delay(held, TimeProvider.System);
        var told = matrix.Since().ToList();
        Assert.True(told.Count == 0, string.Join(", ", told.Select(m => m.Subject)));
        town.Net.Clear();

        // Both sites see the target again; there is no desk to ask.
        await Task.Delay(town.Times.Interval * 2, TimeProvider.System);
        Assert.Empty(matrix.Since());
        return (held, told.Count);
    }

    private static async Task RestAsync(TimeSpan until, long since)
    {
        var rest = until - TimeProvider.System.GetElapsedTime(since);
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, TimeProvider.System);
        }
    }

    // All four problems are the desk's now, as told by one site, with each mail's delivery; so many are open.
    private Task TakenOverAsync(int opened) => Until.TrueAsync("the desk has taken over what the sites did", TimeSpan.FromSeconds(120) + town.Times.Interval, async () =>
    {
        var rows = await RowsAsync("open");
        var all = await Task.WhenAll(rows.Concat(await RowsAsync("closed")).Select(r => town.AskAsync($"incidents/{r.Number("id")}")));
        return rows.Count(i => i["recovered_utc"] is null) == opened
            && all.Length == 2 * Items.Length
            && all.All(i => i.Events("spoken-away").Count == 1 && i.Events("delivery").Count == (i["recovered_utc"] is null ? 1 : 2));
    });

    private async Task<IReadOnlyList<JsonObject>> RowsAsync(string state) =>
        [.. (await town.AskAsync($"incidents?state={state}")).List("incidents").Where(i => i.Word("customer") != "provider")];
}
