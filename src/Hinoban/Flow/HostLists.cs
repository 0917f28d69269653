using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>Which hosts somebody looks for. <see cref="Search"/>: part of a host's, service's or address' name; empty for all.</summary>
internal sealed record HostWish(string Customer, string Search, bool Problems, int Limit);

/// <summary>What was found: all counted, and as many as were wished for whole. <see cref="Customers"/> are those in the scope.</summary>
internal sealed record HostList(IReadOnlyList<(CustomerId Id, Text Name)> Customers, int Hosts, int Items, int Failing, IReadOnlyList<HostRow> Rows);

/// <summary>Finds hosts. With thousands of them a page shows some dozens: only these are told whole.</summary>
internal static class HostLists
{
    internal static HostList Of(DeskBoard board, Scope scope, HostWish wish, Moment now)
    {
        var customers = board.Plan.Customers.Where(c => scope.Covers(c.Id) && !c.IsProvider && c.Hosts.Count > 0).ToList();
        var (way, rows) = (Upstream.Of(board), new List<HostRow>());
        var (hosts, items, failing) = (0, 0, 0);
        foreach (var customer in customers.Where(c => wish.Customer.Length == 0 || c.Id.Value == wish.Customer))
        {
            foreach (var host in customer.Hosts.Where(h => Matches(h, wish.Search)))
            {
                var (all, bad) = Count(board, host);
                if (wish.Problems && bad == 0)
                {
                    continue;
                }

                (hosts, items, failing) = (hosts + 1, items + all, failing + bad);
                if (rows.Count < wish.Limit)
                {
                    rows.Add(ItemPages.Host(board, way, customer, host, now));
                }
            }
        }

        return new HostList([.. customers.Select(c => (c.Id, c.Name))], hosts, items, failing, rows);
    }

    private static (int All, int Bad) Count(DeskBoard board, HostPlan host)
    {
        var (all, bad) = (0, 0);
        foreach (var item in host.All)
        {
            if (board.Item(item.Id) is { } entry)
            {
                all++;
                bad += ItemRow.IsProblem(entry.Verdict.Judgement, entry.Verdict.Severity, entry.Verdict.Reach, entry.Views) ? 1 : 0;
            }
        }

        return (all, bad);
    }

    private static bool Matches(HostPlan host, string search) =>
        search.Length == 0 || Has(search, host.Key, host.Address, host.Name) || host.Services.Any(s => Has(search, s.Service));

    private static bool Has(string search, string host, string address, Text name) => Has(search, host) || Has(search, address) || Has(search, name.Ja) || Has(search, name.En);

    private static bool Has(string search, string text) => text.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase);
}
