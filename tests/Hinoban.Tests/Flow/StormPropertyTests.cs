using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>
/// Random hosts of three groups fall and rise, are silenced, taken out, and the desk is restarted meanwhile: nobody is forgotten, and each mailed
/// problem has one end.
/// </summary>
public sealed class StormPropertyTests
{
    private const int Hosts = 14;

    private static readonly Actor Sato = new("sato", "佐藤 花子", Role.Lead, Scope.Across("test"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Each_problem_is_mailed_or_listed_or_silenced_and_each_mailed_one_recovers_once(int seed)
    {
        using var storm = new StormBench(StormBench.Of(Plan()));
        var dice = new Random(seed);
        var down = new HashSet<int>();
        storm.Both(Ok, Enumerable.Range(1, Hosts));
        for (var step = 0; step < 14; step++)
        {
            Act(storm, dice, down);
            for (var round = 0; round < 2; round++)
            {
                Look(storm, down);
            }

            storm.Pass(dice.Next(3) == 0 ? 300 : 5);
            Look(storm, down);
            NobodyIsForgotten(storm, down, seed, step);
            FiguresAgree(storm);
        }

        down.Clear();
        for (var round = 0; round < 4; round++)
        {
            Look(storm, down);
        }

        EachHasOneEnd(storm);
    }

    // What is counted as it changes is what the pages list.
    private static void FiguresAgree(StormBench storm)
    {
        var (told, counts) = (SampleRows.Count(storm.Desk.Queries.Hosts(All)), storm.Desk.Queries.Counts());
        Assert.Equal((told.Hosts, told.LooksWait), (counts.Hosts, counts.LooksWait));
        Assert.Equal(told.BySeverity, counts.BySeverity);
    }

    /// <summary>Seven of one vendor, one of them the parent of two others; five of one network; two of nothing.</summary>
    private static CustomerPlan Plan()
    {
        var all = StormBench.Plan(Hosts, parents: n => n is 6 or 7 ? ["h5"] : []);
        return all with
        {
            Hosts = [.. all.Hosts.Select((h, i) => i < 7 ? h : h with { Datacentre = null, Address = i < 12 ? h.Address : $"host{i}.example.jp" })],
        };
    }

    private static void Act(StormBench storm, Random dice, HashSet<int> down)
    {
        var some = Enumerable.Range(1, Hosts).Where(_ => dice.Next(3) == 0).ToList();
        switch (dice.Next(7))
        {
            case 0 or 1 or 2:
                down.UnionWith(dice.Next(2) == 0 ? some : Enumerable.Range(1, 7));
                break;
            case 3 or 4:
                down.ExceptWith(some);
                break;
            case 5 when storm.Incidents().SelectMany(i => i.Storm.All.Where(m => i.Failing && m.Fails).Select(m => (i.Id, m.Joined.Host))).FirstOrDefault() is { Host: not null } member:
                new DeskCommands(storm.Desk.Engine, storm.Desk.Db, storm.Desk.Stores, null!).SeparateAsync(Sato, member.Id, member.Host).GetAwaiter().GetResult();
                break;
            case 6 when dice.Next(2) == 0:
                storm.Desk.Restart();
                break;
            default:
                var now = storm.Desk.Clock.GetUtcNow();
                new SilenceDesk(storm.Desk.Engine, storm.Desk.Db, storm.Desk.Stores)
                    .Set(Sato, new SilenceRequest(TestPlans.Customer, $"h{dice.Next(Hosts) + 1}", "", now.AddMinutes(-1), now.AddMinutes(dice.Next(2, 20)), "work"));
                break;
        }
    }

    private static void Look(StormBench storm, HashSet<int> down)
    {
        for (var look = 0; look < 2; look++)
        {
            foreach (var site in new[] { Tokyo, Osaka })
            {
                storm.See(site, Dead, down);
                storm.See(site, Ok, Enumerable.Range(1, Hosts).Except(down));
                storm.Pass(site == Tokyo ? 1 : 14);
            }
        }
    }

    private static void NobodyIsForgotten(StormBench storm, HashSet<int> down, int seed, int step) => storm.Desk.Engine.Look((board, _, now) =>
    {
        foreach (var host in down.Select(n => board.Item(new ItemId(n))!))
        {
            var where = $"seed {seed}, step {step}, {host.Plan.Host}";
            Assert.False(host.Problem is not null && host.Storm is not null, where);
            var covered = (host.Problem ?? host.Storm) is { } id ? board.Incident(id) : Upstream.Of(board).Cover(host);
            Assert.True(covered is { Failing: true }, $"{where} is nobody's");
            Assert.True(
                host.Storm is null || (covered!.Storm.Members[host.Plan.Id].Fails && (covered.Storm.FirstUntoldUtc is not { } since || now.Utc - since <= StormRules.TellEvery)),
                $"{where} is not listed");
            Assert.True(NoticeRules.OwesRecovery(covered!.Events) || covered.IsHeld, $"{where} is told by nobody");
        }

        return 0;
    });

    private static void EachHasOneEnd(StormBench storm)
    {
        foreach (var incident in storm.Incidents())
        {
            Assert.False(incident.Failing);
            Assert.All(incident.Storm.All, m => Assert.False(m.Fails));
            var told = incident.Events.OfType<NoticeDecided>().Where(n => n.Told).ToList();
            Assert.Equal(told.Any(n => n.Kind == NoticeKind.Alert) ? 1 : 0, told.Count(n => n.Kind == NoticeKind.Recovery));
            Assert.True(told.Any(n => n.Kind == NoticeKind.Alert) || told.All(n => n.Kind != NoticeKind.Update));
        }

        var keys = storm.Desk.Mails().Select(m => m.Mail.Key).ToList();
        Assert.Equal(keys.Distinct().Count(), keys.Count);
    }
}
