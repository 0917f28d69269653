using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>Two sites, every pair of situations, the verdict written out. It is 1000 s; failures began at 900.</summary>
public sealed class AgreementTableTests
{
    // w   working, reached            F   failing, reached (answers)      D   failing, down
    // P   path trouble, working       PH  path trouble, hold              PF  path trouble, failing (the answer's severity)
    // U   undecided, hold             N   no data, hold                   1   judged by one site alone
    //
    // never  never looked                        ok     OK at 950, after every failure here
    // mid    OK at 930: after the failures began, before their last look       out    OK at 890, from before the failures began
    // sT sA  soft failing at 940 (transport, answer)      hT hA  hard failing, second look at 940      hT3 hA3  the third
    // old    OK, look 1.5 intervals old for 15 s   sil    OK at 950, but silent for 5 s   gone   silent for 40 s   dead  failing, silent for 40 s
    private const string Expected = """
               never ok  mid out sT  sA  hT  hA  hT3 hA3 old sil gone dead
        never  N     w   w   w   U   U   U   U   U   U   N   N   N    N
        ok     w     w   w   w   w   w   P   F   P   F   w   w   w1   w1
        mid    w     w   w   w   U   U   PH  F   PH  F   w   w   w1   U1
        out    w     w   w   w   U   U   U   U   U   U   w   w   w1   U1
        sT     U     w   U   U   U   U   U   U   U   U   U   U   U1   U1
        sA     U     w   U   U   U   U   U   U   U   U   U   U   U1   U1
        hT     U     P   PH  U   U   U   D   PF  D   PF  U   U   U1   U1
        hA     U     F   F   U   U   U   PF  F   PF  F   U   U   U1   U1
        hT3    U     P   PH  U   U   U   D   PF  D   PF  U   U   U1   D1
        hA3    U     F   F   U   U   U   PF  F   PF  F   U   U   F1   F1
        old    N     w   w   w   U   U   U   U   U   U   N   N   N    N
        sil    N     w   w   w   U   U   U   U   U   U   N   N   N    N
        gone   N     w1  w1  w1  U1  U1  U1  U1  U1  F1  N   N   N    N
        dead   N     w1  U1  U1  U1  U1  U1  U1  D1  F1  N   N   N    N
        """;

    [Fact]
    public void Every_pair_of_situations_has_its_verdict()
    {
        var rows = Expected.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var wrong =
            from row in rows.Skip(1)
            from column in Enumerable.Range(0, rows[0].Length)
            let got = Code(Verdict(row[0], rows[0][column]))
            where got != row[column + 1]
            select $"{row[0]} + {rows[0][column]}: {got}, expected {row[column + 1]}";
        Assert.Equal(14, rows[0].Length);
        Assert.All(rows.Skip(1), r => Assert.Equal(15, r.Length));
        Assert.Empty(wrong);
    }

    [Fact]
    public void With_one_configured_site_the_rule_is_Nagios_own()
    {
        var alone = Terms(Tokyo);
        Assert.Equal("FAILING/Down/Critical", Short(Judge(alone, 1000, null, HardT(Tokyo, 900, 940))));
        Assert.Equal("FAILING/Reached/Critical", Short(Judge(alone, 1000, null, HardA(Tokyo, 900, 940))));
        Assert.Equal("hold/Undecided", Short(Judge(alone, 1000, null, SoftT(Tokyo, 940))));
        Assert.Equal("working/Reached", Short(Judge(alone, 1000, null, Ok(Tokyo, 940, lastFailed: 900))));
        Assert.Equal("hold/NoData", Short(Judge(alone, 1000, null, Ok(Tokyo, 600))));
    }

    [Theory]
    [InlineData(950, "hold/Undecided")]
    [InlineData(940, "FAILING/Down")]
    [InlineData(890, "FAILING/Down")]
    public void Left_alone_a_site_is_believed_about_its_way_by_a_look_that_is_no_older_than_the_others_last_OK(int ok, string expected) => Assert.StartsWith(
        expected,
        Short(SiteAgreement.Judge(Terms(), [HardT(Tokyo, 900, 940, looks: 3), Ok(Osaka, ok)], [Signal(Tokyo, "hT3"), Signal(Osaka, "gone")], [], null, At(1000))),
        StringComparison.Ordinal);

    private static Verdict Verdict(string tokyo, string osaka) => SiteAgreement.Judge(
        Terms(), [View(Tokyo, tokyo), View(Osaka, osaka)], [Signal(Tokyo, tokyo), Signal(Osaka, osaka)], [], null, At(1000));

    private static SiteView View(SiteName site, string situation) => situation switch
    {
        "never" => Never(site),
        "ok" or "sil" or "gone" => Ok(site, 950),
        "mid" => Ok(site, 930),
        "out" => Ok(site, 890),
        "old" => Ok(site, 715),
        "sT" => SoftT(site, 940),
        "sA" => Fails(site, StateType.Soft, Reply.Answer, 940, 940, 1),
        "hT" => HardT(site, 900, 940),
        "hA" => HardA(site, 900, 940),
        "hT3" or "dead" => HardT(site, 900, 940, looks: 3),
        "hA3" => HardA(site, 900, 940, looks: 3),
        _ => throw new ArgumentException(situation),
    };

    private static SiteSignal Signal(SiteName site, string situation) => situation switch
    {
        "sil" => Silent(site, since: 995),
        "gone" or "dead" => Silent(site, since: 960),
        _ => Heard(site, 999),
    };

    private static string Code(Verdict v) => (v.Judgement, v.Reach) switch
    {
        (Judgement.Working, Reach.Reached) => "w",
        (Judgement.Working, Reach.PathTrouble) => "P",
        (Judgement.Hold, Reach.PathTrouble) => "PH",
        (Judgement.Failing, Reach.PathTrouble) => "PF",
        (Judgement.Failing, Reach.Reached) => "F",
        (Judgement.Failing, Reach.Down) => "D",
        (Judgement.Hold, Reach.Undecided) => "U",
        (Judgement.Hold, Reach.NoData) => "N",
        _ => $"{v.Judgement}/{v.Reach}",
    } + (v.SingleSite ? "1" : "");
}
