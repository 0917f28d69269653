using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>
/// The newest looks of a site at each of its items, so that whoever begins to judge knows at once what is known: of what works the last look, of what
/// fails as many as it takes to be sure. Safe for concurrent use.
/// </summary>
internal sealed class LatestLooks
{
    private const int Most = 10;

    private readonly Lock gate = new();
    private readonly Dictionary<ItemId, CheckResult[]> looks = [];

    internal IReadOnlyList<CheckResult> All
    {
        get
        {
            lock (gate)
            {
                return [.. looks.Values.SelectMany(l => l).OrderBy(r => r.StartedMono)];
            }
        }
    }

    internal void Note(CheckResult result)
    {
        if (result.Answer.NoValue == NoValue.EngineFault)
        {
            return;
        }

        lock (gate)
        {
            var before = result.Answer.Status == CheckStatus.Ok || !looks.TryGetValue(result.Item, out var known) || known[^1].Answer.Status == CheckStatus.Ok ? [] : known;
            looks[result.Item] = [.. before.TakeLast(Most - 1), result];
        }
    }

    /// <summary>Items that have left the plan are forgotten.</summary>
    internal void Take(SitePlan plan)
    {
        var stay = plan.Items.Select(i => i.Item.Id).ToHashSet();
        lock (gate)
        {
            foreach (var gone in looks.Keys.Where(k => !stay.Contains(k)).ToList())
            {
                looks.Remove(gone);
            }
        }
    }
}
