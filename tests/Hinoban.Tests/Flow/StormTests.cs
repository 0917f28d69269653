using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Specs;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>Alert storms at the desk: one incident per cause, the first mail at once, everyone told of the end exactly once.</summary>
public sealed class StormTests : IDisposable
{
    private static readonly Actor Sato = new("sato", "佐藤 花子", Role.Lead, Scope.Across("test"));

    private StormBench storm = new(StormBench.Of(StormBench.Plan(6)));

    public void Dispose() => storm.Dispose();

    [Fact]
    public void Hosts_of_one_vendor_that_fail_together_are_one_incident_and_the_first_mail_does_not_wait()
    {
        Well(1, 2, 3, 4, 5, 6);
        storm.See(Tokyo, Dead, 1, 2, 3, 4);
        storm.Pass(1);
        storm.See(Osaka, Dead, 1, 2, 3, 4);
        storm.Pass(14);
        storm.See(Tokyo, Dead, 1, 2, 3, 4);
        storm.Pass(1);
        storm.See(Osaka, Dead, 1, 2, 3, 4);

        // With the verdict, in the transaction of the batch that completed it.
        var lead = Assert.Single(storm.Incidents());
        Assert.Equal("h1", lead.Facts.Host);
        Assert.Equal(["h2", "h3", "h4"], lead.Storm.All.Select(m => m.Joined.Host));
        Assert.StartsWith("** PROBLEM Host Alert: h1 is DOWN **", Assert.Single(storm.Subjects()), StringComparison.Ordinal);

        storm.Pass(15);
        var update = storm.Body("ほか3台 同時障害");
        Assert.Contains("推定原因: データセンター・事業者の障害 (東京データセンター tokyo-idc)", update, StringComparison.Ordinal);
        Assert.All(["h2", "h3", "h4"], host => Assert.Contains($"- {host} (10.0.0.", update, StringComparison.Ordinal));
        storm.Pass(600);
        Assert.Equal(2, storm.Subjects().Count);
    }

    [Fact]
    public void It_ends_when_its_own_host_works_and_fewer_than_three_others_fail_and_these_get_their_own()
    {
        Storm(1, 2, 3, 4, 5);
        storm.Both(Ok, 1);
        var lead = storm.Incidents()[0];
        Assert.True(lead.Failing);
        Assert.NotNull(lead.Storm.OwnBack);
        Assert.DoesNotContain(storm.Subjects(), s => s.Contains("RECOVERY", StringComparison.Ordinal));

        storm.Both(Ok, 2, 3);
        lead = storm.Incidents()[0];
        Assert.False(lead.Failing);
        var recovery = storm.Body("RECOVERY Host Alert: h1");
        Assert.Contains("- h2 (10.0.0.3): UP", recovery, StringComparison.Ordinal);
        Assert.Contains("- h4 (10.0.0.5): 確認中 (障害が続いている場合は個別にお知らせいたします)", recovery, StringComparison.Ordinal);

        // They may be back without anybody having looked: looks from 30 s later on decide, and the desk asks for them.
        Assert.Single(storm.Incidents());
        storm.Both(Dead, 4, 5);
        storm.Both(Dead, 4, 5);
        Assert.Equal(["h1", "h4", "h5"], storm.Incidents().Select(i => i.Facts.Host));
        Assert.Single(storm.Subjects(), s => s.Contains("PROBLEM Host Alert: h4", StringComparison.Ordinal));

        storm.Both(Ok, 4, 5);
        Assert.Equal(["h1", "h4", "h5"], Recoveries());
        Assert.All(storm.Incidents(), i => Assert.False(i.Failing));
    }

    [Fact]
    public void Its_own_host_may_come_back_and_fail_again_without_a_word_and_others_may_join_later()
    {
        Storm(1, 2, 3, 4, 5);
        storm.Both(Ok, 1);
        storm.Both(Dead, 1);
        storm.Pass(900);
        storm.Both(Dead, 6);
        var lead = Assert.Single(storm.Incidents());
        Assert.Null(lead.Storm.OwnBack);
        Assert.Equal(5, lead.Storm.Failing);
        storm.Pass(15);
        Assert.Equal(["PROBLEM", "ほか4台", "ほか5台"], storm.Subjects().Select(Kind));
        storm.Both(Dead, 1, 2, 3, 4, 5, 6);
        storm.Both(Ok, 1, 2, 3, 4, 5, 6);
        Assert.Equal(["h1"], Recoveries());
        Assert.Contains("- h6 (10.0.0.7): UP", storm.Body("RECOVERY"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_takes_a_host_out_and_it_is_a_problem_like_any_other()
    {
        Storm(1, 2, 3, 4, 5);
        var lead = storm.Incidents()[0];
        var commands = Commands();
        Assert.Equal(Refusal.NotFound, (await commands.SeparateAsync(Sato, lead.Id, "h6")).Refusal);
        Assert.Null((await commands.SeparateAsync(Sato, lead.Id, "h3")).Refusal);
        Assert.Equal(Refusal.Conflict, (await commands.SeparateAsync(Sato, lead.Id, "h3")).Refusal);

        var own = storm.Incidents()[1];
        Assert.Equal(("h3", lead.Facts.Number), (own.Facts.Host, own.Events.OfType<Separated>().Single().From));
        Assert.Contains(storm.Subjects(), s => s.Contains("PROBLEM Host Alert: h3", StringComparison.Ordinal));
        storm.Both(Dead, 3);
        Assert.Equal(2, storm.Incidents().Count);
        Assert.Contains(storm.Desk.Db.Read(tx => AuditStore.Latest(tx, Scope.Across("test"), 10)), a => a.Action == CommandAudit.Separate && a.About.Contains("h3", StringComparison.Ordinal));

        // Nobody joins it, and it joins nobody, as long as it is open.
        storm.Both(Dead, 6);
        Assert.Equal(2, storm.Incidents().Count);
        storm.Both(Ok, 1, 2, 3, 4, 5, 6);
        Assert.Equal(["h1", "h3"], Recoveries());
    }

    [Fact]
    public void A_silenced_host_leads_nobody_and_joins_nobody()
    {
        Well(1, 2, 3, 4, 5, 6);
        Silence("h1");
        Silence("h4");
        storm.Both(Dead, 1, 2, 3, 4, 5);
        Assert.Equal(["h1", "h2", "h4"], storm.Incidents().Select(i => i.Facts.Host));
        Assert.Equal(["h3", "h5"], storm.Incidents()[1].Storm.All.Select(m => m.Joined.Host));
        Assert.StartsWith("** PROBLEM Host Alert: h2", storm.Subjects()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Switched_off_two_hosts_too_few_or_far_apart_each_has_its_own()
    {
        storm.Dispose();
        storm = new StormBench(StormBench.Of(StormBench.Plan(3) with { Grouped = false }));
        Storm(1, 2, 3);
        Assert.Equal(3, storm.Incidents().Count);

        storm.Dispose();
        storm = new StormBench(StormBench.Of(StormBench.Plan(6)));
        Well(1, 2, 3, 4, 5, 6);
        storm.Both(Dead, 1, 2);
        storm.Pass(300);
        storm.Both(Dead, 3, 4);
        Assert.Equal(4, storm.Incidents().Count);
    }

    [Fact]
    public void After_a_restart_all_is_as_it_was()
    {
        Storm(1, 2, 3, 4, 5);
        storm.Desk.Restart();
        storm.Both(Dead, 1, 2, 3, 4, 5, 6);
        Assert.Equal(["h2", "h3", "h4", "h5", "h6"], Assert.Single(storm.Incidents()).Storm.All.Select(m => m.Joined.Host));
        storm.Both(Ok, 1, 2, 3, 4, 5, 6);
        Assert.Equal(["h1"], Recoveries());
    }

    [Fact]
    public void A_new_edition_without_the_lead_or_a_member_lets_the_others_go_on()
    {
        Storm(1, 2, 3, 4, 5);
        var all = storm.Desk.Plan.Customers[0];
        storm.Desk.Swap(new DeskPlan(2, [all with { Hosts = [.. all.Hosts.Where(h => h.Key is not "h1")] }]));
        storm.Pass(3);
        Assert.Equal(["h1", "h2"], storm.Incidents().Select(i => i.Facts.Host));
        Assert.Equal(["h3", "h4", "h5"], storm.Incidents()[1].Storm.All.Select(m => m.Joined.Host));

        storm.Desk.Swap(new DeskPlan(3, [all with { Hosts = [.. all.Hosts.Where(h => h.Key is not ("h1" or "h3"))] }]));
        storm.Pass(3);
        Assert.Equal(2, storm.Incidents()[1].Storm.Failing);
        storm.Both(Ok, 2);
        Assert.False(storm.Incidents()[1].Failing);
        Assert.Equal(2, storm.Incidents().Count);
        storm.Both(Dead, 4, 5);
        Assert.Equal(4, storm.Incidents().Count);
    }

    [Fact]
    public async Task A_closed_incident_ends_with_its_own_host()
    {
        Storm(1, 2, 3, 4, 5);
        var lead = storm.Incidents()[0];
        var commands = Commands();
        Assert.Null((await commands.ClaimAsync(Sato, lead.Id)).Refusal);
        Assert.Null((await commands.CloseAsync(Sato, lead.Id, "vendor works on it")).Refusal);
        storm.Both(Dead, 2, 3);
        Assert.Single(storm.Incidents());
        storm.Both(Ok, 1);
        Assert.Single(storm.Incidents());
        storm.Pass(30);
        storm.Both(Dead, 2, 3, 4, 5);
        Assert.Equal(["h1", "h2"], storm.Incidents().Select(i => i.Facts.Host));
        Assert.Equal(["h1"], Recoveries());
    }

    [Fact]
    public async Task A_person_who_closes_it_at_once_keeps_nobody_from_hearing_of_the_others()
    {
        Well(1, 2, 3, 4, 5, 6);
        storm.Both(Dead, 1, 2, 3, 4);
        var lead = Assert.Single(storm.Incidents());
        Assert.NotNull(lead.Storm.FirstUntoldUtc);
        var commands = Commands();
        Assert.Null((await commands.ClaimAsync(Sato, lead.Id)).Refusal);
        Assert.Null((await commands.CloseAsync(Sato, lead.Id, "vendor works on it")).Refusal);
        storm.Pass(15);
        Assert.Contains("- h2 (10.0.0.3)", storm.Body("ほか3台 同時障害"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_runbook_tells_in_the_thread_lists_nobody()
    {
        Well(1, 2, 3, 4, 5, 6);
        storm.Both(Dead, 1, 2, 3, 4);
        storm.Desk.Engine.Change(work => NoticeFlow.TellUpdate(
            work,
            work.Incident(storm.Incidents()[0].Id)!,
            new StepEnded(work.Now.Utc, "sato", 1, 1, StepOutcome.Failed, 1, "", Text.Same("no")),
            Text.Same("still failing")));
        storm.Pass(15);
        Assert.Contains("- h2 (10.0.0.3)", storm.Body("ほか3台 同時障害"), StringComparison.Ordinal);
    }

    [Fact]
    public void Services_go_with_the_hosts_that_joined_and_hosts_behind_them_too()
    {
        storm.Dispose();
        storm = new StormBench(StormBench.Of(StormBench.Plan(6, services: 2, parents: n => n == 6 ? ["h3"] : [])));
        Well([.. Enumerable.Range(1, 6), .. Enumerable.Range(100_001, 12)]);
        storm.Both(Dead, [1, 2, 3, 4, 6, .. Enumerable.Range(100_001, 12)]);
        var lead = Assert.Single(storm.Incidents());
        Assert.Equal(["h6"], lead.Unreachable.Select(u => u.Host));
        Assert.Equal(["s0", "s1"], lead.Attached.Select(a => a.Service).Order());
    }

    private IEnumerable<string> Recoveries() => storm.Subjects().Where(s => s.Contains("RECOVERY", StringComparison.Ordinal))
        .Select(s => s.Split("Alert: ")[1].Split(' ')[0]).Order();

    private static string Kind(string subject) => subject.Contains("PROBLEM", StringComparison.Ordinal) ? "PROBLEM" : subject.Split('】')[0].Split('【')[1].Split(' ')[0];

    private void Well(params IEnumerable<int> items) => storm.Both(Ok, items);

    private void Storm(params int[] items)
    {
        storm.Both(Ok, Enumerable.Range(1, storm.Desk.Plan.Customers[0].Hosts.Count));
        storm.Both(Dead, items);
        storm.Pass(15);
    }

    private void Silence(string host)
    {
        var now = storm.Desk.Clock.GetUtcNow();
        Assert.Null(new SilenceDesk(storm.Desk.Engine, storm.Desk.Db, storm.Desk.Stores).Set(Sato, new(TestPlans.Customer, host, "", now.AddMinutes(-1), now.AddHours(2), "work")).Outcome.Refusal);
    }

    private DeskCommands Commands() => new(storm.Desk.Engine, storm.Desk.Db, storm.Desk.Stores, null!);
}
