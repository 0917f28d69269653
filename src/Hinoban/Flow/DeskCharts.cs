using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>Reads what charts show. What is not moved yet is counted in as it will be.</summary>
internal sealed class DeskCharts(DeskEngine engine, Db db, DeskStores stores, TimeProvider clock)
{
    private const int MostTexts = 50;

    /// <summary>Of several items of one customer, read together; those outside the scope are left out.</summary>
    internal IReadOnlyList<ChartView> Of(Scope scope, IReadOnlyCollection<ItemId> items, ChartWish wish)
    {
        var plans = engine.Look((board, _, _) => items
            .Select(i => board.Item(i)?.Plan).OfType<ItemPlan>().Where(p => scope.Covers(p.Customer))
            .Select(p => (Plan: p, Zone: board.Plan.Customer(p.Customer)?.Zone ?? TimeZoneInfo.Utc)).ToList());
        return [.. plans.GroupBy(p => p.Plan.Customer).SelectMany(g => Read(scope, g.Key, g.First().Zone, [.. g.Select(p => p.Plan)], wish))];
    }

    internal IReadOnlyList<TextChange> Texts(Scope scope, ItemId item, ChartRange range)
    {
        var now = clock.GetUtcNow();
        return engine.Look((board, _, _) => board.Item(item)?.Plan) is not { } plan ? []
            : db.Read(tx => stores.Samples.Texts(tx, new SampleWish(scope, plan.Customer, [item], ChartRules.From(range, now, TimeZoneInfo.Utc), now), MostTexts));
    }

    private List<ChartView> Read(Scope scope, CustomerId owner, TimeZoneInfo zone, IReadOnlyList<ItemPlan> plans, ChartWish wish)
    {
        var now = clock.GetUtcNow();
        var from = ChartRules.From(wish.Range, now, zone);
        var summed = wish.Range is ChartRange.FiveWeeks or ChartRange.Year;

        // Samples that came late are moved within the hour: what could have changed since is made of the samples themselves.
        var tail = summed ? Later(from, SqlTypes.FromMicros((SampleStore.BlockOf(SqlTypes.ToMicros(now)) - 1) * (SampleStore.Block.Ticks / TimeSpan.TicksPerMicrosecond))) : from;
        var asked = new SampleWish(scope, owner, [.. plans.Select(p => p.Id)], from, tail.AddTicks(-1));
        return db.Read(tx =>
        {
            var raw = stores.Samples.Raw(tx, asked with { FromUtc = tail, ToUtc = now });
            var hours = summed ? stores.Samples.Rollups(tx, asked, RollupStep.Hour) : null;
            var days = wish.Range == ChartRange.Year ? stores.Samples.Rollups(tx, asked, RollupStep.Day) : null;
            return plans.Select(plan => ChartFold.Of(new ChartTerms(plan.Id, plan.Interval, plan.Sites, zone, from, now, wish), raw, hours, days)).ToList();
        });
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
