using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>
/// A list of results as bytes: numbers as differences to the result before, a first line equal to the one before left out.
/// Lossless for everything a result can hold; described in docs/reference/site-link.md.
/// </summary>
internal static class ResultCodec
{
    private const int HasRequest = 1;
    private const int HasLongOutput = 2;
    private const int HasPerfdata = 4;
    private const int SameOutput = 8;
    private const int HasLog = 16;

    internal static void Write(ByteWriter writer, IReadOnlyList<CheckResult> results)
    {
        writer.Unsigned((ulong)results.Count);
        var before = Before.Start;
        foreach (var result in results)
        {
            WriteOne(writer, result, before);
            before = Before.Of(result);
        }
    }

    internal static List<CheckResult> Read(ref ByteReader reader, int most = int.MaxValue)
    {
        var count = reader.Count(most);
        var results = new List<CheckResult>(Math.Min(count, 4096));
        var before = Before.Start;
        for (var i = 0; i < count; i++)
        {
            var result = ReadOne(ref reader, before);
            results.Add(result);
            before = Before.Of(result);
        }

        return results;
    }

    private static void WriteOne(ByteWriter writer, CheckResult result, Before before)
    {
        var answer = result.Answer;
        var flags = (result.Request != 0 ? HasRequest : 0)
            | (answer.LongOutput.Length > 0 ? HasLongOutput : 0)
            | (answer.Perfdata.Length > 0 ? HasPerfdata : 0)
            | (answer.Output == before.Output ? SameOutput : 0)
            | (answer.Log is not null ? HasLog : 0);
        writer.Byte((byte)flags);
        writer.Byte((byte)((int)answer.Status | ((int)answer.Reply << 2) | ((int)result.Cause << 3)));
        writer.Byte((byte)answer.NoValue);
        writer.Signed((long)result.Item.Value - before.Item);
        writer.Signed((long)result.Revision - before.Revision);
        writer.Signed(result.Attempt);
        writer.Signed(unchecked(result.StartedUtc.UtcTicks - before.Utc));
        writer.Signed(unchecked(result.StartedMono.Ticks - before.Mono));
        writer.Signed(result.Took.Ticks);
        if (result.Request != 0)
        {
            writer.Signed(result.Request);
        }

        WriteTexts(writer, answer, flags);
    }

    private static void WriteTexts(ByteWriter writer, LookAnswer answer, int flags)
    {
        if ((flags & SameOutput) == 0)
        {
            writer.Text(answer.Output);
        }

        if ((flags & HasLongOutput) != 0)
        {
            writer.Text(answer.LongOutput);
        }

        if ((flags & HasPerfdata) != 0)
        {
            writer.Text(answer.Perfdata);
        }

        if (answer.Log is { } log)
        {
            LogCodec.Write(writer, log);
        }
    }

    private static CheckResult ReadOne(ref ByteReader reader, Before before)
    {
        var flags = reader.Byte();
        var kind = reader.Byte();
        var noValue = reader.Byte();
        var cause = kind >> 3;
        if (flags > 31 || cause > (int)LookCause.CheckNow || noValue > (int)NoValue.EngineFault)
        {
            throw new InvalidDataException("A result has a kind that this version does not know.");
        }

        var item = Narrow(reader.Signed() + before.Item);
        var revision = Narrow(reader.Signed() + before.Revision);
        var attempt = reader.Int32();
        var utc = Instant(unchecked(reader.Signed() + before.Utc));
        var mono = new TimeSpan(unchecked(reader.Signed() + before.Mono));
        var took = new TimeSpan(reader.Signed());
        var request = (flags & HasRequest) != 0 ? reader.Signed() : 0;
        var output = (flags & SameOutput) != 0 ? before.Output : reader.Text();
        var longOutput = (flags & HasLongOutput) != 0 ? reader.Text() : "";
        var perfdata = (flags & HasPerfdata) != 0 ? reader.Text() : "";
        var log = (flags & HasLog) != 0 ? LogCodec.Read(ref reader) : null;
        var answer = new LookAnswer((CheckStatus)(kind & 3), (Reply)((kind >> 2) & 1), (NoValue)noValue, output, longOutput, perfdata) { Log = log };
        return new CheckResult(new ItemId(item), revision, (LookCause)cause, request, attempt, utc, mono, took, answer);
    }

    internal static DateTimeOffset Instant(long utcTicks) =>
        utcTicks >= DateTimeOffset.MinValue.Ticks && utcTicks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(utcTicks, TimeSpan.Zero)
            : throw new InvalidDataException("An instant is outside the calendar.");

    internal static int Narrow(long value) =>
        value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException("An id does not fit in 32 bits.");

    private readonly record struct Before(int Item, int Revision, long Utc, long Mono, string Output)
    {
        internal static Before Start => new(0, 0, 0, 0, "");

        internal static Before Of(CheckResult r) => new(r.Item.Value, r.Revision, r.StartedUtc.UtcTicks, r.StartedMono.Ticks, r.Answer.Output);
    }
}
