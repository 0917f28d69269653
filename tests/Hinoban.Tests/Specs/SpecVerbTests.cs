using Hinoban.Basics;
using Hinoban.Server.Verbs;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>What people see at the terminal.</summary>
public sealed class SpecVerbTests
{
    [Fact]
    public void Check_of_the_example_ends_well_and_says_what_is_not_in_force()
    {
        var (exit, text) = Check(SpecSamples.Example);
        Assert.Equal(0, exit);
        Assert.Contains($"{SpecSamples.Example}:23:3: note: not in force yet: `rounds` of `calls`, it has no effect today\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\nok: 1 customer, 3 hosts, 16 items, 15 notes\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_least_specification_has_nothing_to_remark()
    {
        var (exit, text) = Check(Path.Combine(SpecSamples.Root, "docs", "reference", "spec-minimal.yaml"));
        Assert.Equal((0, "ok: 1 customer, 1 host, 2 items, 0 notes\n"), (exit, text));
    }

    [Fact]
    public void Explain_shows_the_bound_with_its_terms()
    {
        var minimal = Path.Combine(SpecSamples.Root, "docs", "reference", "spec-minimal.yaml");
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var title = PlanBuilder.Preview(SpecReader.Read([minimal], new SpecOptions([])).Customers[0], [new SiteName("tokyo"), new SiteName("osaka")])
            .Hosts[0].All.First(i => !i.IsHostCheck).Title;
        Assert.Equal(0, ExplainVerb.Run(title, minimal, [], output, error, Language.En));
        Assert.Contains("15 s  wait for the next look: interval 30 s shared by 2 sites\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("37 s  From a fault to the accepted alert mail, at most\n", output.ToString(), StringComparison.Ordinal);

        Assert.Contains("30 s  wait for the next look: interval 30 s, one site\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("64 s  further looks of the one site: 3 failing looks are needed, 1 more: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("113 s  While one site is left alone, from a fault to the accepted alert mail, at most\n", output.ToString(), StringComparison.Ordinal);

        Assert.Equal(78, ExplainVerb.Run("nobody", minimal, [], output, error, Language.Ja));
        Assert.Contains($"監視項目 nobody はこの仕様書にありません。あるのは:\n", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"  {title}\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_of_mistakes_ends_with_78()
    {
        var (exit, text) = Check(SpecSamples.ThirtyMistakes, SpecSamples.Example);
        Assert.Equal(78, exit);
        Assert.Equal(30, text.Split('\n').Count(l => l.StartsWith(SpecSamples.ThirtyMistakes + ":", StringComparison.Ordinal)));
        Assert.EndsWith("\nnot accepted: 30 errors in 1 file, 15 notes\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void A_desk_without_a_mailbox_is_warned_about_on_stderr_and_refuses_nothing()
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        Assert.Equal(0, SpecVerb.Check([SpecSamples.Example], new SpecOptions([], DeskHasMailbox: false), output, error, colour: false));
        var line = File.ReadLines(SpecSamples.Example).Index().Single(l => l.Item.Contains("desk: true", StringComparison.Ordinal));
        Assert.StartsWith(
            $"{SpecSamples.Example}:{line.Index + 1}:{line.Item.IndexOf("desk:", StringComparison.Ordinal) + 1}: warning: the desk is a member, but no `mail.desk_mailbox` is configured, ",
            error.ToString(),
            StringComparison.Ordinal);
        Assert.EndsWith("\nok: 1 customer, 3 hosts, 16 items, 1 warning, 15 notes\n", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("warning:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_marks_places()
    {
        var output = new StringWriter();
        SpecVerb.Check([SpecSamples.ThirtyMistakes], SpecOptions.AnySite, output, TextWriter.Null, colour: true);
        Assert.Contains($"\e[31m{SpecSamples.ThirtyMistakes}:2:11:\e[0m ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_knows_the_providers_sites_if_told()
    {
        var output = new StringWriter();
        Assert.Equal(78, SpecVerb.Check([SpecSamples.Example], new SpecOptions([new SiteName("nagoya")]), output, TextWriter.Null, colour: false));
        Assert.Contains("`tokyo` is not one of the provider's sites", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Print_shows_every_default_and_reads_back()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(0, SpecVerb.Print(SpecSamples.Example, [], output, error));
        Assert.Equal("", error.ToString());
        Assert.Contains("timeout: 10s, attempts: 2, retry: 15s, sites: [tokyo, osaka]", output.ToString(), StringComparison.Ordinal);
        Assert.False(SpecReader.ReadText("printed.yaml", output.ToString()).HasErrors);
        Assert.Equal(78, SpecVerb.Print(SpecSamples.ThirtyMistakes, [], new StringWriter(), error));
        Assert.Contains(":2:11: `Sample_Trading`", error.ToString(), StringComparison.Ordinal);
    }

    private static (int Exit, string Text) Check(params string[] paths)
    {
        var output = new StringWriter { NewLine = "\n" };
        return (SpecVerb.Check(paths, SpecOptions.AnySite, output, TextWriter.Null, colour: false), output.ToString());
    }
}
