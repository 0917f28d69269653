using System.Globalization;
using Hinoban.Acceptance.Scene;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Acceptance.Paths;

/// <summary>What a row of the matrix came to, in seconds from the target's fault to the delivered alert.</summary>
internal sealed record FaultFigures(string Name, TimeSpan Held, int PathMails, double Took, double Limit)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {(Held > TimeSpan.Zero ? $"{Held.TotalSeconds:0} s" : "–")} | {(Held > TimeSpan.Zero ? PathMails : "–")} | {Took:0.0} s | {Limit:0.0} s |");
}

/// <summary>Plays rows of the matrix: nobody is told of what is no fault of the target, and the target's own fault is told in time, once, with its recovery.</summary>
internal sealed class FaultMatrix(FaultTown town)
{
    private int before;

    internal async Task<FaultFigures> PlayAsync(FaultRow row)
    {
        await BeginAsync();
        await row.Begin(town);
        var held = Hold(row.Bound);
        await Task.Delay(held, TimeProvider.System);
        var told = town.Mails.Count - before;
        Assert.True(told == 0, $"{row.Name}: {string.Join(", ", Since().Select(m => m.Subject))}");

        var start = TimeProvider.System.GetUtcNow();
        town.Web.Stop();
        await (row.Meanwhile?.Invoke(town) ?? Task.CompletedTask);
        var (took, limit) = await MailedAsync(start, FaultForm.Refused, row.Bound, FaultTown.Http, FaultTown.Named);
        town.StartWeb();
        await RecoveredAsync(FaultTown.Http, FaultTown.Named);
        await row.End(town);
        await EndAsync(row.Name, 2);
        return new FaultFigures(row.Name, held, told, took, limit);
    }

    internal async Task<FaultFigures> PlayAsync(TargetRow row)
    {
        await BeginAsync();
        var start = TimeProvider.System.GetUtcNow();
        await row.Begin(town);
        var (took, limit) = await MailedAsync(start, row.Form, FaultBound.Printed, [.. row.Mailed]);
        await row.End(town);
        await RecoveredAsync([.. row.Mailed]);
        await EndAsync(row.Name, row.Mailed.Count);
        return new FaultFigures(row.Name, TimeSpan.Zero, 0, took, limit);
    }

    internal async Task BeginAsync()
    {
        await town.AllWellAsync();
        Mark();
    }

    /// <summary>What is counted and waited for begins here.</summary>
    internal void Mark() => before = town.Mails.Count;

    // Long enough that a site that is lost has been given up, and that a false alarm would have come.
    internal TimeSpan Hold(FaultBound bound)
    {
        var cycles = town.Times.Interval * (town.Times.AreTrue ? 2 : 6);
        var lost = TimeSpan.FromSeconds(bound == FaultBound.Alone ? 60 : 0);
        return cycles > lost ? cycles : lost;
    }

    internal IEnumerable<DeliveredMail> Since() => town.Mails.Skip(before);

    internal async Task<(double Took, double Limit)> MailedAsync(DateTimeOffset start, FaultForm form, FaultBound bound, params string[] titles)
    {
        var (worst, worstLimit) = (0.0, 1.0);
        foreach (var title in titles)
        {
            var limit = FaultRows.Limit(Item(title), form, bound);
            var mail = await Until.FoundAsync($"the alert of {title}", limit + TimeSpan.FromSeconds(60), () => Task.FromResult(Of("PROBLEM", title).FirstOrDefault()));
            var took = (File.GetLastWriteTimeUtc(mail.File) - start.UtcDateTime).TotalSeconds;
            Assert.True(took <= limit.TotalSeconds, $"{title}: {took:0.0} s, the bound is {limit.TotalSeconds:0.0} s");
            if (took / limit.TotalSeconds > worst / worstLimit)
            {
                (worst, worstLimit) = (took, limit.TotalSeconds);
            }
        }

        return (worst, worstLimit);
    }

    internal async Task RecoveredAsync(params string[] titles)
    {
        foreach (var title in titles)
        {
            await Until.TrueAsync($"the recovery of {title}", (town.Times.Interval * 3) + TimeSpan.FromSeconds(120), () => Of("RECOVERY", title).Any());
        }
    }

    // A cycle or two in which something late could come; then every problem has been told once, and its end.
    private async Task EndAsync(string name, int items)
    {
        await town.AllWellAsync();
        await Task.Delay(town.Times.Interval * 2, TimeProvider.System);
        Assert.True(Since().Count() == 2 * items, $"{name}: {string.Join(", ", Since().Select(m => m.Subject))}");
        Assert.Equal(2 * items, Since().Select(m => m.MessageId).Distinct().Count());
    }

    private ItemPlan Item(string title) => town.Plan.Items.Single(i => i.Title == title);

    private IEnumerable<DeliveredMail> Of(string kind, string title) =>
        Since().Where(m => m.Subject.Contains(kind, StringComparison.Ordinal) && m.Subject.Contains($": {title} is ", StringComparison.Ordinal));
}
