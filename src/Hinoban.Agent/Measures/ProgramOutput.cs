using Hinoban.Checks;

namespace Hinoban.Agent.Measures;

/// <summary>What a program writes, kept up to the plugins' limit and read to its end, so that it never blocks on us.</summary>
internal static class ProgramOutput
{
    internal static async Task<(byte[] Kept, long Dropped)> DrainAsync(Stream stream, CancellationToken cancel)
    {
        var kept = new MemoryStream();
        var dropped = 0L;
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                var keep = (int)Math.Min(read, PluginOutput.Limit - kept.Length);
                kept.Write(buffer, 0, keep);
                dropped += read - keep;
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // Something that it started holds the pipe open.
        }

        return (kept.ToArray(), dropped);
    }
}
