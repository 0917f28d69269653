using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>How results are cut into chunks and batches, to the byte.</summary>
public sealed class SpoolRulesTests
{
    private static readonly Moment Start = new(DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    [Fact]
    public void Of_two_looks_that_began_at_the_same_time_the_later_word_is_live_and_a_look_from_before_overtakes_nothing()
    {
        var (a, b, before) = (Of(10), Of(20), Of(30) with { StartedMono = Start.Mono - TimeSpan.FromSeconds(1) });
        Assert.Equal([b], SpoolRules.Split([a, b]).Live);
        var (live, backlog) = SpoolRules.Split([a, before]);
        Assert.Equal([a], live);
        Assert.Equal([before], backlog);
    }

    // A chunk takes three results or 200 bytes; a result of n letters has 48 + 2n.
    [Theory]
    [InlineData("", "")]
    [InlineData("0 0 0", "0 0 0")]
    [InlineData("0 0 0 0", "0 0 0|0")]
    [InlineData("26 26", "26 26")] // 200 bytes
    [InlineData("26 27", "26|27")]
    [InlineData("26 26 0", "26 26|0")]
    [InlineData("27 26 26", "27|26 26")] // the second chunk is full to the byte
    [InlineData("500 0", "500|0")] // too large alone: a chunk of its own, and none that is empty
    [InlineData("0 500 0", "0|500|0")]
    [InlineData("0 0 52 0", "0 0|52 0")]
    public void Chunks_stay_below_both_limits(string letters, string chunks)
    {
        var options = new SpoolOptions { ChunkResults = 3, ChunkBytes = 200 };
        Assert.Equal(chunks, string.Join('|', SpoolRules.Chunks(Of(letters), options).Select(c => string.Join(' ', c.Select(r => r.Answer.Output.Length)))));
    }

    [Fact]
    public void Of_nothing_there_is_no_chunk() => Assert.Empty(SpoolRules.Chunks([], new SpoolOptions()));

    [Fact]
    public void A_chunk_of_one_result_takes_one() =>
        Assert.Equal([1, 1], SpoolRules.Chunks(Of("0 0"), new SpoolOptions { ChunkResults = 1 }).Select(c => c.Count));

    [Theory]
    [InlineData("0 0 0", 200, 200, true)]
    [InlineData("0 0 0 0", 900, 900, false)]
    [InlineData("500", 200, 200, true)] // alone, however large
    [InlineData("26 26", 200, 200, true)]
    [InlineData("26 27", 200, 200, false)]
    [InlineData("26 27", 200, 900, false)]
    [InlineData("26 27", 900, 200, false)]
    [InlineData("26 27", 900, 900, true)]
    public void What_fits_into_a_chunk_and_a_batch_is_one_batch(string letters, int chunk, int batch, bool one) =>
        Assert.Equal(one, SpoolRules.IsOneBatch(Of(letters), new SpoolOptions { ChunkResults = 3, ChunkBytes = chunk, BatchBytes = batch }));

    [Theory]
    [InlineData("", 0)]
    [InlineData("3:100 4:100", 2)] // seven results, 200 bytes: both limits to the last
    [InlineData("3:100 5:100", 1)]
    [InlineData("3:100 4:101", 1)]
    [InlineData("9:900 1:1", 1)] // at least one
    [InlineData("1:1 9:1 1:1", 1)] // no chunk goes before one that was there first
    [InlineData("2:10 2:10 3:10 1:1", 3)]
    public void A_batch_is_the_first_chunks_that_fit(string chunks, int taken)
    {
        var rows = chunks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split(':')).Select((c, i) => new ChunkRow { Id = i, Results = long.Parse(c[0]), Bytes = long.Parse(c[1]) }).ToList();
        Assert.Equal(rows.Take(taken), SpoolRules.FirstBatch(rows, new SpoolOptions { BatchResults = 7, BatchBytes = 200 }));
    }

    [Theory]
    [InlineData(10, 10, 10)]
    [InlineData(11, 0, 0)]
    [InlineData(0, 11, 0)]
    [InlineData(0, 0, 11)]
    public void Texts_are_cut_each_by_itself(int output, int longOutput, int perfdata)
    {
        var result = Some.Result(1, Start, output: new string('o', output), perfdata: new string('p', perfdata));
        result = result with { Answer = result.Answer with { LongOutput = new string('l', longOutput) } };
        var cut = SpoolRules.Cut(result, 10);
        Assert.Equal(
            (new string('o', Math.Min(output, 10)), new string('l', Math.Min(longOutput, 10)), new string('p', Math.Min(perfdata, 10))),
            (cut.Answer.Output, cut.Answer.LongOutput, cut.Answer.Perfdata));
        Assert.Equal(output + longOutput + perfdata == 30, ReferenceEquals(cut, result));
    }

    [Fact]
    public void A_results_size_is_that_of_its_texts_and_48()
    {
        var result = Some.Result(1, Start, output: "0123456789", perfdata: "01234567890123456789");
        Assert.Equal(48 + (2 * 45), SpoolRules.SizeOf(result with { Answer = result.Answer with { LongOutput = "012345678901234" } }));
    }

    private static CheckResult Of(int letters) => Some.Result(1, Start, output: new string('x', letters));

    private static List<CheckResult> Of(string letters) => [.. letters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => Of(int.Parse(n)))];
}
