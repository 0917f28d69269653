using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>What was read of a log, as bytes within a result; described in docs/reference/site-link.md.</summary>
internal static class LogCodec
{
    private const int MostHits = 10_000;
    private const int MostLines = 100;

    internal static void Write(ByteWriter writer, LogReading log)
    {
        writer.Text(log.Cursor);
        writer.Unsigned((ulong)log.Hits.Count);
        foreach (var hit in log.Hits)
        {
            WriteHit(writer, hit);
        }
    }

    private static void WriteHit(ByteWriter writer, LogHit hit)
    {
        writer.Text(hit.Identity);
        writer.Text(hit.Rule);
        writer.Byte((byte)hit.Level);
        writer.Signed(hit.ReadUtc.UtcTicks);
        writer.Text(hit.Source);
        writer.Signed(hit.Offset);
        writer.Text(hit.Text);
        Lines(writer, hit.Before);
        Lines(writer, hit.After);
        writer.Signed(hit.Count);
        writer.Signed(hit.Suppressed);
    }

    internal static LogReading Read(ref ByteReader reader)
    {
        var cursor = reader.Text();
        var count = reader.Count();
        if (count > MostHits)
        {
            throw new InvalidDataException("A reading of a log has more hits than a site sends at once.");
        }

        var hits = new List<LogHit>(count);
        for (var i = 0; i < count; i++)
        {
            hits.Add(ReadHit(ref reader));
        }

        return new LogReading(cursor, hits);
    }

    private static LogHit ReadHit(ref ByteReader reader) => new(
        reader.Text(),
        reader.Text(),
        reader.Byte() is var level and ((byte)CheckStatus.Warning or (byte)CheckStatus.Critical) ? (CheckStatus)level : throw new InvalidDataException("A log hit has a level that this version does not know."),
        ResultCodec.Instant(reader.Signed()),
        reader.Text(),
        reader.Signed(),
        reader.Text(),
        Lines(ref reader),
        Lines(ref reader),
        reader.Int32(),
        reader.Int32());

    private static void Lines(ByteWriter writer, IReadOnlyList<string> lines)
    {
        writer.Unsigned((ulong)lines.Count);
        foreach (var line in lines)
        {
            writer.Text(line);
        }
    }

    private static List<string> Lines(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count > MostLines)
        {
            throw new InvalidDataException("A log hit has more lines around it than a site sends.");
        }

        var lines = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            lines.Add(reader.Text());
        }

        return lines;
    }
}
