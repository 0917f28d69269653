using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Whatever stands in a file, reading it ends in a plan or in located problems, never in an exception.</summary>
public sealed class SpecPropertyTests
{
    private static readonly string Example = File.ReadAllText(SpecSamples.Example);

    private static readonly string[] Scraps =
    [
        "\t", "\n", "  ", ":", ": ", "- ", "{", "}", "[", "]", ",", "&a ", "*a", "!x ", "#", "\"", "'", "|\n", ">\n", "%", "@", "`", "---\n", "...\n", "? ",
        "~", "null", "\0", "\u001b", "\ufeff", "\u202e", "\ud800", "\uffff", "😀", "\r", "\\", "999999999999", "-1", "0", "<<: *a", "none", "$X$",
    ];

    [Fact]
    public void A_mutated_example_never_throws()
    {
        var place = Gen.Choose(0, Example.Length - 1);
        var change = Gen.OneOf(
            place.Select(at => (Func<string, string>)(t => t[..Math.Min(at, t.Length)])),
            place.Zip(Gen.Choose(1, 40)).Select(p => (Func<string, string>)(t => t.Remove(Math.Min(p.Item1, t.Length), Math.Min(p.Item2, t.Length - Math.Min(p.Item1, t.Length))))),
            place.Zip(Gen.Elements(Scraps)).Select(p => (Func<string, string>)(t => t.Insert(Math.Min(p.Item1, t.Length), p.Item2))),
            place.Zip(place).Select(p => (Func<string, string>)(t => t.Insert(Math.Min(p.Item1, t.Length), Line(t, p.Item2)))),
            place.Zip(Gen.Choose(32, 0x3100)).Select(p => (Func<string, string>)(t => t.Length == 0 ? t : new StringBuilder(t) { [p.Item1 % t.Length] = (char)p.Item2 }.ToString())));
        var mutants = Gen.Choose(1, 4).SelectMany(n => Gen.ArrayOf(change, n)).Select(changes => changes.Aggregate(Example, (t, c) => c(t)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Arb.From(mutants), Holds));
    }

    [Fact]
    public void A_heap_of_scraps_never_throws() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Elements([.. Scraps, "hosts", "customer", "a", "checks"])).Select(string.Concat)), Holds));

    [Fact]
    public void Every_truncation_of_the_example_is_a_plan_or_located_problems()
    {
        for (var length = 0; length < Example.Length; length += 5)
        {
            Assert.True(Holds(Example[..length]), $"cut at {length}");
        }
    }

    [Fact]
    public void Durations_are_written_as_they_are_read() =>
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll(
                Arb.From(Gen.Choose(0, int.MaxValue)),
                milliseconds => SpecWords.Duration(SpecWords.Of(TimeSpan.FromMilliseconds(milliseconds))) == TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("15s", 15_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("3m", 180_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("30d", 2_592_000_000)]
    [InlineData("", -1)]
    [InlineData("3", -1)]
    [InlineData("s", -1)]
    [InlineData("-3s", -1)]
    [InlineData("3 s", -1)]
    [InlineData("3S", -1)]
    [InlineData(".5s", -1)]
    [InlineData("5.s", -1)]
    [InlineData("1..5s", -1)]
    [InlineData("1e3s", -1)]
    [InlineData("３s", -1)]
    [InlineData("3min", -1)]
    [InlineData("99999999999999d", -1)]
    [InlineData("99999d", -1)]
    public void A_duration_is_a_number_and_a_unit(string text, long milliseconds) =>
        Assert.Equal(milliseconds, SpecWords.Duration(text)?.TotalMilliseconds ?? -1);

    private static bool Holds(string text)
    {
        var reading = SpecReader.ReadText("s.yaml", text);
        var lines = text.Split('\n');
        foreach (var problem in reading.Problems)
        {
            Assert.Equal("s.yaml", problem.File);
            Assert.InRange(problem.Line, 1, lines.Length + 1);
            Assert.InRange(problem.Column, 1, text.Length + 2);
            Assert.NotEqual("", problem.Right);
            Assert.DoesNotContain('\n', problem.ToString());
        }

        if (!reading.HasErrors)
        {
            var plan = PlanBuilder.Preview(Assert.Single(reading.Customers), SpecSamples.Both);
            Assert.All(plan.Items, i => Assert.NotEmpty(i.Look.Kind));
        }

        return true;
    }

    private static string Line(string text, int at)
    {
        var from = text.LastIndexOf('\n', Math.Min(at, Math.Max(0, text.Length - 1))) + 1;
        var to = text.IndexOf('\n', from);
        return text[from..(to < 0 ? text.Length : to + 1)];
    }
}
