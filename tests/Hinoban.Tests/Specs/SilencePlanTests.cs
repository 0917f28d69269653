using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Silences as they are written, read and printed.</summary>
public sealed class SilencePlanTests
{
    private const string Every = """
        hosts: { web01: { address: a.jp, checks: { http: {}, smtp: tcp:25, load: { kind: ping, via: agent } } }, db01: { address: b.jp } }
        silences:
          - { what: web01/http, when: "daily 02:00-03:00", until: 2026-12-31, kind: mute, reason: nightly batch, owner: tanaka@sample.example.jp }
          - { what: db01, when: "weekly sat,sun 22:00-06:00", until: 2026-12-31, kind: stop, reason: 停電, owner: 田中 }
          - { what: "*", when: "from 2026-04-14 22:00 to 2026-05-14 22:00", kind: mute, reason: move, owner: tanaka }
          - { what: web01/load, when: "daily 02:00-03:00", until: 2026-12-31, kind: mute, reason: not in force yet, owner: tanaka }
          - { what: web01/smtp, when: "daily 00:00-24:00", until: 2026-12-31, kind: wait, for: 15m, reason: load goes down, owner: tanaka }
          - { what: web01/http, when: "daily 00:00-24:00", until: 2026-12-31, kind: known, match: "connection pool", reason: ticket 4711, owner: tanaka }
        """;

    [Fact]
    public void Each_kind_is_read_as_written()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + Every);
        var lastDay = new DateOnly(2026, 12, 31);
        Assert.Equal(
            [
                new SilencePlan("web01", "http", SilenceKind.Mute, new RecurringTimes(WeekDays.All, 120, 180, lastDay), "nightly batch", "tanaka@sample.example.jp"),
                new SilencePlan("db01", "", SilenceKind.Stop, new RecurringTimes(WeekDays.Sat | WeekDays.Sun, 1320, 360, lastDay), "停電", "田中"),
                new SilencePlan("", "", SilenceKind.Mute, new OnceTimes(new DateTime(2026, 4, 14, 22, 0, 0), new DateTime(2026, 5, 14, 22, 0, 0)), "move", "tanaka"),
                new SilencePlan("web01", "smtp", SilenceKind.Wait, new RecurringTimes(WeekDays.All, 0, 1440, lastDay), "load goes down", "tanaka", TimeSpan.FromMinutes(15)),
                new SilencePlan("web01", "http", SilenceKind.Known, new RecurringTimes(WeekDays.All, 0, 1440, lastDay), "ticket 4711", "tanaka", Match: "connection pool"),
            ],
            plan.Silences);
    }

    [Fact]
    public void What_is_printed_reads_back_the_same()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + Every);
        var printed = new StringWriter();
        SilencePrint.Write(printed, plan.Silences);
        var again = SpecSamples.Plan(SpecSamples.Head + Every.Split('\n')[0] + "\n" + printed);
        Assert.Equal(plan.Silences, again.Silences);
    }
}
