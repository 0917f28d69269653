using Hinoban.Basics;

namespace Hinoban.States;

/// <summary>A check-now that somebody wants sent. Host: a key that all items of one host share.</summary>
/// <param name="Item">What to look at.</param>
/// <param name="Host">The host it is on, unique desk-wide.</param>
/// <param name="IsHostCheck">It is the host check itself.</param>
/// <param name="Ask">Whom to ask, with which time-out.</param>
/// <param name="SinceMono">Since when it is wanted.</param>
internal sealed record WantedLook(ItemId Item, string Host, bool IsHostCheck, LookAsk Ask, TimeSpan SinceMono);

/// <summary>What may be sent now, what waits for later, and the budget that is left.</summary>
internal sealed record BudgetGrant(CheckNowBudget After, IReadOnlyList<WantedLook> Send, IReadOnlyList<WantedLook> Wait);

/// <summary>
/// The desk-wide cap on check-now requests, so that a broken carrier does not make the desk double everybody's checks. A bucket of
/// tokens that refills with time; a value, stepped by a pure function.
/// </summary>
/// <param name="PerSecond">Tokens that a second brings, and the most that can be saved up.</param>
/// <param name="Tokens">What is there.</param>
/// <param name="FilledMono">When it was counted.</param>
internal sealed record CheckNowBudget(double PerSecond, double Tokens, TimeSpan FilledMono)
{
    internal const double DefaultPerSecond = 100;

    internal static CheckNowBudget Full(Moment now, double perSecond = DefaultPerSecond) => new(perSecond, perSecond, now.Mono);

    /// <summary>
    /// Chooses: each (item, site) once; a host's services wait while its host check is wanted or out at that site (a dead host costs
    /// one look, not twenty); then host checks first, then one service of each host before a second of any, longest waiting first.
    /// </summary>
    /// <param name="wanted">Everything wanted, what waited before included.</param>
    /// <param name="hostLooksOut">Host checks that are out: (host, site).</param>
    /// <param name="now">Now.</param>
    internal BudgetGrant Spend(IReadOnlyList<WantedLook> wanted, IReadOnlySet<(string Host, SiteName Site)> hostLooksOut, Moment now)
    {
        var tokens = Math.Min(PerSecond, Tokens + (Math.Max(0, (now.Mono - FilledMono).TotalSeconds) * PerSecond));
        var distinct = wanted.GroupBy(w => (w.Item, w.Ask.Site)).Select(g => g.MinBy(w => w.SinceMono)!).ToList();
        if (tokens < 1)
        {
            return new BudgetGrant(new CheckNowBudget(PerSecond, tokens, now.Mono), [], distinct);
        }

        var hostsFirst = distinct.Where(w => w.IsHostCheck).Select(w => (w.Host, w.Ask.Site)).Concat(hostLooksOut).ToHashSet();
        var ready = distinct.Where(w => w.IsHostCheck || !hostsFirst.Contains((w.Host, w.Ask.Site)))
            .GroupBy(w => (w.Host, w.Ask.Site))
            .SelectMany(g => g.OrderBy(Order).Select((w, turn) => (Look: w, Turn: turn)))
            .OrderBy(w => !w.Look.IsHostCheck).ThenBy(w => w.Turn).ThenBy(w => Order(w.Look))
            .Select(w => w.Look);
        var send = ready.Take((int)tokens).ToList();
        return new BudgetGrant(new CheckNowBudget(PerSecond, tokens - send.Count, now.Mono), send, [.. distinct.Except(send)]);
    }

    // The item and the site make the order whole, so that the same wants always get the same answer.
    private static (TimeSpan, int, string) Order(WantedLook look) => (look.SinceMono, look.Item.Value, look.Ask.Site.Value);
}
