using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>Performance data of all kinds of plugins, well and badly printed.</summary>
public sealed class PerfReaderTests
{
    [Theory]
    [InlineData("time=0.001234s;3;8;0;10", "time|0.001234|s|3|8")]
    [InlineData("'/var log=x'=80%;90 'b'=2", "/var log=x|80|%|90|", "b|2|||")]
    [InlineData("'it''s'=7", "it's|7|||")]
    [InlineData("rta=-1.5e-3ms", "rta|-0.0015|ms||")]
    [InlineData("  users=3;5;10", "users|3||5|10")]
    [InlineData("size=.5MB", "size|0.5|MB||")]
    [InlineData("count=12e", "count|12|e||")]
    [InlineData("load=1.5;@2:3;~:5;0;", "load|1.5||@2:3|~:5")]
    [InlineData("zero=-0", "zero|0|||")]
    [InlineData("x=U;; y=1", "y|1|||")]
    [InlineData("x=")]
    [InlineData("")]
    [InlineData("no value here")]
    [InlineData("label with space=5", "space|5|||")]
    [InlineData("x=1e999")]
    [InlineData("x=1.2.3")]
    [InlineData("x=NaN")]
    [InlineData("time=0,012888s;;;0,000000;10,000000 size=5B", "size|5|B||")]
    [InlineData("size=1,500MB")]
    [InlineData("x=-1,5 y=,5 z=0,0")]
    [InlineData("humidity=78, pressure=1027.5hPa,", "humidity|78|||", "pressure|1027.5|hPa||")]
    [InlineData("a=1,b=2", "a|1|||")]
    [InlineData("x=--5")]
    [InlineData("'unclosed=5")]
    [InlineData("=5")]
    [InlineData("''=5")]
    [InlineData("x=\0\ud8005")]
    [InlineData("a\u001fb=5\u001e;\t7", "a?b|5|?||")]
    public void Every_metric_is_read_or_left(string perfdata, params string[] metrics) => Assert.Equal(metrics, Read(perfdata));

    [Fact]
    public void Of_very_many_metrics_the_first_are_kept() =>
        Assert.Equal(SampleShape.Most, Read(string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"m{i}={i}"))).Count);

    [Fact]
    public void A_very_long_label_is_cut() => Assert.Equal(new string('x', 80) + "|1|||", Read(new string('x', 10_000) + "=1").Single());

    [Fact]
    public void Random_text_ends_somewhere()
    {
        const string Letters = " '=;.0123456789eE+-absU%\u001f\u001e";
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            Read(new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)])]));
        }
    }

    private static List<string> Read(string perfdata)
    {
        var sample = Sample.Of(Some.Result(1, new Moment(DateTimeOffset.UnixEpoch, TimeSpan.Zero), perfdata: perfdata));
        return [.. sample.Shape.Metrics.Zip(sample.Shape.Levels, sample.Values).Select(m => FormattableString.Invariant($"{m.First.Label}|{m.Third}|{m.First.Unit}|{m.Second.Warn}|{m.Second.Crit}"))];
    }
}
