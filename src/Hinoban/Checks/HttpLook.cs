using System.Net;
using System.Security.Authentication;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>
/// One HTTP request and its answer, over a connection of its own: pooling would hide the very thing that is watched, and only an
/// exchange of our own tells which byte came when.
/// </summary>
internal sealed class HttpLook(Connector connector, TimeProvider clock) : ILook
{
    private const int MaxRedirects = 10;

    public async Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel)
    {
        var plan = (HttpLookPlan)item.Look;
        var target = HttpTarget.Of(plan, item.Address);
        var sight = new HttpSight();
        using var limit = new LookLimit(timeout, clock, cancel);
        try
        {
            return await FetchAsync(plan, target, sight, limit);
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            sight.Total = limit.Elapsed;
            return HttpRules.TimedOut(plan, sight, LookFailures.Place(item.Address, plan.Port), timeout, clock.GetUtcNow());
        }
        catch (Exception fault) when (WireRun.ErrorOf(fault) is { } error)
        {
            sight.Total = limit.Elapsed;
            return HttpRules.Cut(plan, sight, error, LookFailures.Place(item.Address, plan.Port), timeout, clock.GetUtcNow());
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            sight.Total = limit.Elapsed;
            return sight.Spoke ? HttpRules.Broken(plan, sight, (fault.InnerException ?? fault).Message, timeout, clock.GetUtcNow())
                : sight.Secured is not null ? HttpRules.NoByte(plan, sight, LookFailures.Place(item.Address, plan.Port), timeout, clock.GetUtcNow())
                : HttpRules.TlsCut((fault.InnerException ?? fault).Message);
        }
    }

    private async Task<LookAnswer> FetchAsync(HttpLookPlan plan, HttpTarget target, HttpSight sight, LookLimit limit)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        for (var hop = 0; ; hop++)
        {
            asked.Add(target.Url);
            (sight.Url, sight.Redirects) = (target.Url, hop);
            var before = sight.Parser;
            sight.Parser = new HttpAnswerParser();
            var addresses = await connector.FindAsync(target.Address, limit.Token);
            sight.Named ??= limit.Elapsed;
            sight.ByName |= !IPAddress.TryParse(target.Address, out _);
            if (hop > 0 && !target.MayBeFollowed(addresses))
            {
                sight.Parser = before;
                return HttpRules.Garbage(plan, sight, $"redirect to {target.Url}, an address of the monitoring site itself", limit.Timeout, clock.GetUtcNow());
            }

            var early = await HttpExchange.RunAsync(connector, addresses, plan, target, sight, limit, clock);
            sight.Total = limit.Elapsed;
            if (early is not null)
            {
                return early;
            }

            if (!HttpRules.IsRedirect(plan, sight.Parser))
            {
                return HttpRules.Judge(plan, sight, limit.Timeout, clock.GetUtcNow());
            }

            var next = sight.Parser.Location.Length > 0 ? target.Redirected(sight.Parser.Location) : null;
            if (next is null || hop == MaxRedirects || asked.Contains(next.Url))
            {
                var why = next is null ? HttpRules.NoTarget(sight.Parser.Location) : asked.Contains(next.Url) ? $"redirect loop: back to {next.Url}" : $"more than {MaxRedirects} redirects";
                return HttpRules.LedNowhere(plan, sight, why, limit.Timeout, clock.GetUtcNow());
            }

            target = next;
        }
    }
}
