using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.States;

/// <summary>Views and verdicts in the database: written on change only, read whole at the desk's start.</summary>
internal sealed class StateStore
{
    private const string ViewColumns = """
        item "Item", site "Site", status "Status", state_type "StateType", attempt "Attempt", failing_looks "FailingLooks",
        host_was_down "HostWasDown", last_hard "LastHard", reply "Reply", no_value "NoValue", look_utc "LookUtc",
        failing_since_utc "FailingSinceUtc", changed_utc "ChangedUtc", took_us "TookUs", output "Output", long_output "LongOutput", perfdata "Perfdata"
        """;

    private const string VerdictColumns = """
        item "Item", judgement "Judgement", standing "Standing", reach "Reach", severity "Severity", single_site "SingleSite", since_utc "SinceUtc"
        """;

    private const string SaveView = """
        insert into site_views (item, site, customer, status, state_type, attempt, failing_looks, host_was_down, last_hard, reply, no_value,
            look_utc, failing_since_utc, changed_utc, took_us, output, long_output, perfdata)
        values (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17)
        on conflict (item, site) do update set customer = excluded.customer, status = excluded.status, state_type = excluded.state_type,
            attempt = excluded.attempt, failing_looks = excluded.failing_looks, host_was_down = excluded.host_was_down,
            last_hard = excluded.last_hard, reply = excluded.reply, no_value = excluded.no_value, look_utc = excluded.look_utc,
            failing_since_utc = excluded.failing_since_utc, changed_utc = excluded.changed_utc, took_us = excluded.took_us,
            output = excluded.output, long_output = excluded.long_output, perfdata = excluded.perfdata
        """;

    private const string SaveVerdict = """
        insert into verdicts (item, customer, judgement, standing, reach, severity, single_site, since_utc)
        values (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)
        on conflict (item) do update set customer = excluded.customer, judgement = excluded.judgement, standing = excluded.standing,
            reach = excluded.reach, severity = excluded.severity, single_site = excluded.single_site, since_utc = excluded.since_utc
        """;

    /// <summary>All views, for the engine's start. Monotonic times are null: the ages are unknown, so none of them is a vote.</summary>
    internal IReadOnlyDictionary<(ItemId, SiteName), SiteView> Load(Tx tx) =>
        tx.Connection.Query<StateRows.ViewRow>($"select {ViewColumns} from site_views", null, tx.Transaction)
            .ToDictionary(r => (new ItemId((int)r.Item), new SiteName(r.Site)), r => r.ToView());

    /// <summary>All verdicts, for the engine's start; hand each to <see cref="SiteAgreement"/> as the verdict before.</summary>
    internal IReadOnlyDictionary<ItemId, StoredVerdict> LoadVerdicts(Tx tx) =>
        tx.Connection.Query<StateRows.VerdictRow>($"select {VerdictColumns} from verdicts", null, tx.Transaction)
            .ToDictionary(r => new ItemId((int)r.Item), r => r.ToVerdict());

    /// <summary>Writes what has changed, by one prepared statement for views and one for verdicts. Returns how many ran: 0 where nothing changed.</summary>
    internal int Save(Tx tx, IEnumerable<ViewToSave> views, IEnumerable<VerdictToSave> verdicts) =>
        Write(tx, SaveView, views.Where(StateRows.IsWorthWriting).Select(StateRows.Of))
        + Write(tx, SaveVerdict, verdicts.Where(StateRows.IsWorthWriting).Select(StateRows.Of));

    /// <summary>All flap histories, for the engine's start: the time that the desk was away counts by the wall clock, for there is no other.</summary>
    internal IReadOnlyDictionary<ItemId, FlapHistory> LoadFlaps(Tx tx, Moment now) =>
        tx.Connection.Query<(long Item, string States, long AtUtc)>("select item, states, at_utc from flap_histories", null, tx.Transaction)
            .Where(r => r.States.Length == FlapHistory.Length)
            .ToDictionary(
                r => new ItemId((int)r.Item),
                r =>
                {
                    var at = SqlTypes.FromMicros(r.AtUtc);
                    var ago = at < now.Utc ? now.Utc - at : TimeSpan.Zero;
                    return new FlapHistory([.. r.States.Select(c => (CheckStatus)(c - '0'))], now.Mono - ago, now.Utc - ago);
                });

    /// <summary>Writes the histories that have a new state; one that only grew older can be reckoned from the last row.</summary>
    internal void SaveFlaps(Tx tx, IEnumerable<(ItemId Item, CustomerId Customer, FlapHistory History)> changed) => Write(
        tx,
        """
        insert into flap_histories (item, customer, states, at_utc) values (@p0, @p1, @p2, @p3)
        on conflict (item) do update set customer = excluded.customer, states = excluded.states, at_utc = excluded.at_utc
        """,
        changed.Select(c => new object[] { c.Item.Value, c.Customer.Value, string.Concat(c.History.States.Select(s => (char)('0' + (int)s))), SqlTypes.ToMicros(c.History.LastUtc) }));

    /// <summary>The stored views of an item, as far as the scope covers it.</summary>
    internal IReadOnlyList<SiteView> Views(Tx tx, Scope scope, ItemId item) =>
        [.. tx.Connection.Query<StateRows.ViewRow>(
            $"select {ViewColumns} from site_views where item = @item and (@all = 1 or customer = @customer) order by site",
            Args(scope, item),
            tx.Transaction).Select(r => r.ToView())];

    /// <summary>The stored verdict of an item, as far as the scope covers it.</summary>
    internal StoredVerdict? Verdict(Tx tx, Scope scope, ItemId item) =>
        tx.Connection.Query<StateRows.VerdictRow>(
            $"select {VerdictColumns} from verdicts where item = @item and (@all = 1 or customer = @customer)",
            Args(scope, item),
            tx.Transaction).SingleOrDefault()?.ToVerdict();

    /// <summary>The item left the plan.</summary>
    internal void Forget(Tx tx, ItemId item)
    {
        tx.Connection.Execute("delete from site_views where item = @item", new { item = item.Value }, tx.Transaction);
        tx.Connection.Execute("delete from flap_histories where item = @item", new { item = item.Value }, tx.Transaction);
        tx.Connection.Execute("delete from verdicts where item = @item", new { item = item.Value }, tx.Transaction);
    }

    private static object Args(Scope scope, ItemId item) =>
        new { item = item.Value, all = scope.Customer is null ? 1 : 0, customer = scope.Customer?.Value ?? "" };

    private static int Write(Tx tx, string sql, IEnumerable<object[]> rows)
    {
        var ran = 0;
        foreach (var row in rows)
        {
            tx.Run(sql, row);
            ran++;
        }

        return ran;
    }
}
