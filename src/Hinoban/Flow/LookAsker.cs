using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Asks sites for looks: what is wanted as far as the budget goes, what people want at once. Under the engine's gate.</summary>
internal sealed class LookAsker(DeskBoard board, SiteLines lines, LookRequests requests, ILogger log)
{
    internal void Send(Moment now, IReadOnlyList<WantedLook> wanted)
    {
        if (wanted.Count == 0 && requests.Waiting.Count == 0)
        {
            return;
        }

        requests.Unwant(w => !(board.Item(w.Item)?.Views.Any(v => v.Site == w.Ask.Site && !(v.LookMono > w.SinceMono)) ?? false));
        foreach (var look in requests.Spend(wanted.Where(w => w.Ask.Site != ProviderPlan.Desk), item => board.Item(item)?.Plan is { IsHostCheck: true } host ? CheckNowFlow.HostKey(host) : null, now))
        {
            if (board.Item(look.Item) is { } entry)
            {
                Ask(entry.Plan, look.Ask.Site, look.Ask.Timeout, now);
            }
        }

        board.LooksWait = requests.Waiting.Select(w => w.Item).ToHashSet();
    }

    /// <summary>One site's look at an item; the task ends with its result, or is cancelled when given up.</summary>
    internal Task<CheckResult> Ask(ItemPlan item, SiteName site, TimeSpan timeout, Moment now)
    {
        var (order, answer) = requests.Add(item.Id, site, timeout, now.Mono);
        if (!lines.Of(site).Send(order))
        {
            DeskLog.NoStream(log, site, item.Title);
        }

        return answer;
    }

    /// <summary>A site follows the way to an address.</summary>
    internal Task<CheckResult> Trace(ItemId own, SiteName site, string address, Moment now)
    {
        var (order, answer) = requests.AddTrace(own, site, address, now.Mono);
        lines.Of(site).Send(order);
        return answer;
    }
}
