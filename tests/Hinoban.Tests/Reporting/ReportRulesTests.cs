using Hinoban.Incidents;
using Hinoban.Reporting;
using Hinoban.Responding;
using Hinoban.Tests.Responding;

namespace Hinoban.Tests.Reporting;

/// <summary>A report with an empty part does not leave the house.</summary>
public sealed class ReportRulesTests
{
    private static readonly ReportParts Whole = new("web01が停止", "メモリ不足と推定", "再起動", "電話連絡は行っていません。");

    [Fact]
    public void A_whole_report_may_be_sent() => Assert.Empty(ReportRules.Check(Whole, interim: false));

    [Fact]
    public void Nothing_is_called_final_while_a_step_runs()
    {
        var verifying = Story.Opened().Claim("1:00").Begin("2:00", 5);
        Assert.Equal(RespondText.FinalWhileRunning, ReportRules.Barred(verifying.Events, interim: false));
        Assert.Null(ReportRules.Barred(verifying.Events, interim: true));
        Assert.Null(ReportRules.Barred(verifying.End("3:00", 5, StepOutcome.Done).Events, interim: false));
    }

    [Fact]
    public void Nothing_is_called_final_that_stands_and_nobody_has_taken()
    {
        var untouched = Story.Opened();
        Assert.Equal(RespondText.FinalUnclaimed, ReportRules.Barred(untouched.Events, interim: false));
        Assert.Null(ReportRules.Barred(untouched.Events, interim: true));
        Assert.Null(ReportRules.Barred(untouched.Claim("1:00").Events, interim: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("\u3000\u3000")]
    [InlineData("\u200B\uFEFF")]
    [InlineData("---")]
    [InlineData("。")]
    [InlineData(null)]
    public void Each_empty_part_is_named(string? empty)
    {
        ReportPart[] Wrong(ReportParts parts, bool interim) => [.. ReportRules.Check(parts, interim).Select(p => p.Part)];

        foreach (var interim in (bool[])[true, false])
        {
            Assert.Equal([ReportPart.Situation], Wrong(Whole with { Situation = empty! }, interim));
            Assert.Equal([ReportPart.Cause], Wrong(Whole with { Cause = empty! }, interim));
            Assert.Equal([ReportPart.Actions], Wrong(Whole with { Actions = empty! }, interim));
            Assert.Equal([ReportPart.Calls], Wrong(Whole with { Calls = empty! }, interim));
            Assert.Equal(4, Wrong(new ReportParts(empty!, empty!, empty!, empty!), interim).Length);
        }

        Assert.Contains("「原因」", ReportRules.Check(Whole with { Cause = empty! }, false)[0].Message.Ja);
    }

    [Theory]
    [InlineData("調査中")]
    [InlineData("調査中です。")]
    [InlineData(" 調査中 / under investigation ")]
    [InlineData("Under investigation.")]
    public void A_cause_still_being_looked_for_is_for_interim_reports(string cause)
    {
        Assert.Empty(ReportRules.Check(Whole with { Cause = cause }, interim: true));
        Assert.Equal(ReportPart.Cause, Assert.Single(ReportRules.Check(Whole with { Cause = cause }, interim: false)).Part);
    }

    [Theory]
    [InlineData("不明")]
    [InlineData("調査対象外")]
    [InlineData("事実: プロセス停止。詳細は調査中。")]
    public void First_response_need_not_find_the_cause(string cause) =>
        Assert.Empty(ReportRules.Check(Whole with { Cause = cause }, interim: false));
}
