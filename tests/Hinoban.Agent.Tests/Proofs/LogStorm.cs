using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hinoban.Agent.Tests.Logs;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Agent.Tests.Proofs;

/// <summary>
/// Millions of random lines in logs that are renamed, copied and cut, truncated and compressed, and the real agent killed with SIGKILL again and again: what two readers with cursors of their own
/// are told equals the matching lines, each once. The writer writes whole lines, and none between a copy and the cut: those the copying itself loses.
/// </summary>
internal sealed class LogStorm(int seed, long lines, int kills, Action<string> tell) : IDisposable
{
    private readonly int part = (int)Math.Min(20_000, lines / 100);
    private readonly Random random = new(seed);
    private readonly HashSet<string> expected = [];
    private readonly Dictionary<string, string> told = [];
    private readonly List<string> wrong = [];
    private readonly HashSet<(int, string)> seen = [];
    private readonly HashSet<string>[] heard = [[], []];
    private readonly string[] cursors = ["", ""];
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-agent-storm-").FullName;
    private int killed;
    private int renames;
    private int copies;
    private int cuts;
    private int compressed;

    private string Commands => $$$"""{"log":{"kind":"log","files":["{{{folder}}}/renamed.log","{{{folder}}}/copied.log","{{{folder}}}/cut.log"],"match":[{"name":"bad","regex":"ERR[A-Z]+ \\d+","level":"critical"},{"name":"never","regex":"NEVERNEVER","level":"warning"}],"except":["harmless"]}}""";

    internal async Task<IReadOnlyList<string>> PlayAsync()
    {
        var logs = new[] { "renamed.log", "copied.log", "cut.log" };
        Array.ForEach(logs, l => File.WriteAllText(Path.Combine(folder, l), $"first line of {l}\n"));
        await using var agent = new RunningAgent(Commands);
        await AskAsync(agent, 0);
        var everyKill = Math.Max(part, lines / Math.Max(1, kills));
        var started = TimeProvider.System.GetTimestamp();
        for (long written = 0, nextKill = everyKill; written < lines;)
        {
            foreach (var log in logs)
            {
                written += Write(Path.Combine(folder, log));
                await TurnAsync(agent, log);
            }

            if (random.Next(3) == 0)
            {
                await ReadAsync(agent, random.Next(2));
            }

            if (written >= nextKill)
            {
                nextKill += everyKill;
                await KillAsync(agent, logs);
            }
        }

        await UntilAllAsync(agent);
        tell($"seed {seed}: {lines} lines, {expected.Count} matching, {told.Count} told; {renames} renamed, {copies} copied and cut, {cuts} cut, {compressed} compressed, {killed} kills, {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
        wrong.Take(5).ToList().ForEach(tell);
        return wrong;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private long Write(string path)
    {
        var text = new StringBuilder();
        var count = random.Next(part / 10, part);
        for (var n = 0; n < count; n++)
        {
            if (random.Next(200) == 0)
            {
                var line = string.Create(CultureInfo.InvariantCulture, $"app ERROR {expected.Count} {Word()}{(random.Next(3) == 0 ? " 火の番" : "")}");
                expected.Add(line);
                text.Append(line);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{Word()} {(random.Next(50) == 0 ? "ERROR 1 harmless" : random.Next(50) == 0 ? "ERROR without number" : "fine")} {Word()}");
            }

            text.Append('\n');
        }

        File.AppendAllText(path, text.ToString());
        return count;
    }

    private string Word() => string.Create(12, random, static (into, dice) =>
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = (char)('a' + dice.Next(26));
        }
    });

    /// <summary>What a log goes through after it was written to.</summary>
    private async Task TurnAsync(RunningAgent agent, string log)
    {
        var path = Path.Combine(folder, log);
        switch (log)
        {
            case "cut.log" when random.Next(10) == 0:
                // What is cut by hand is gone for whoever has not read it: so the agent has.
                await UntilAllAsync(agent);
                File.WriteAllText(path, random.Next(2) == 0 ? "" : $"{Word()} begins anew\n");
                cuts++;
                break;
            case "renamed.log" when random.Next(4) == 0:
                Shift(path);
                File.Move(path, $"{path}.1");
                File.WriteAllText(path, "");
                renames++;
                break;
            case "copied.log" when random.Next(4) == 0:
                Shift(path);
                File.Copy(path, $"{path}.1");
                using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    file.SetLength(0);
                }

                copies++;
                break;
        }
    }

    private void Shift(string path)
    {
        const int keep = 12;
        for (var n = keep; n >= 1; n--)
        {
            foreach (var end in new[] { "", ".gz" })
            {
                var (from, to) = ($"{path}.{n}{end}", $"{path}.{n + 1}{end}");
                if (!File.Exists(from))
                {
                    continue;
                }

                if (n == keep)
                {
                    File.Delete(from);
                    continue;
                }

                File.Move(from, to);
                if (end.Length == 0 && random.Next(2) == 0)
                {
                    Compress(to);
                }
            }
        }
    }

    private void Compress(string path)
    {
        var written = File.GetLastWriteTimeUtc(path);
        using (var from = File.OpenRead(path))
        using (var to = new GZipStream(File.Create($"{path}.part"), CompressionLevel.Fastest))
        {
            from.CopyTo(to);
        }

        File.SetLastWriteTimeUtc($"{path}.part", written);
        File.Move($"{path}.part", $"{path}.gz");
        File.Delete(path);
        compressed++;
    }

    private async Task KillAsync(RunningAgent agent, string[] logs)
    {
        agent.Kill();
        killed++;
        foreach (var log in logs.Where(_ => random.Next(2) == 0))
        {
            Write(Path.Combine(folder, log));
            if (log != "cut.log")
            {
                await TurnAsync(agent, log);
            }
        }

        agent.StartAgain();
    }

    private async Task ReadAsync(RunningAgent agent, int reader)
    {
        while (await AskAsync(agent, reader))
        {
        }
    }

    private async Task<bool> AskAsync(RunningAgent agent, int reader)
    {
        using var answer = JsonDocument.Parse(await agent.QueryAsync($"hinoban_log!1!log!{cursors[reader]}!500"));
        foreach (var hit in answer.RootElement.GetProperty("hits").EnumerateArray())
        {
            Take(hit, reader);
        }

        if (answer.RootElement.GetProperty("lost").GetInt64() != 0)
        {
            wrong.Add("hits were lost from the journal");
        }

        cursors[reader] = answer.RootElement.GetProperty("next").GetString()!;
        return answer.RootElement.GetProperty("more").GetBoolean();
    }

    private void Take(JsonElement hit, int reader)
    {
        var (id, text) = (hit.GetProperty("id").GetString()!, hit.GetProperty("text").GetString()!);
        if (!seen.Add((reader, id)))
        {
            wrong.Add($"told twice to one reader: {text}");
        }

        if (!expected.Contains(text))
        {
            wrong.Add($"told, and never written: {text}");
        }
        else if (told.TryGetValue(text, out var before) && before != id)
        {
            wrong.Add($"told under two identities: {text} in {hit.GetProperty("source").GetString()} at {hit.GetProperty("offset").GetInt64()}, after {killed} kills");
        }

        told[text] = id;
        heard[reader].Add(text);
    }

    private async Task UntilAllAsync(RunningAgent agent)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (heard.Any(h => h.Count < expected.Count))
        {
            await ReadAsync(agent, 0);
            await ReadAsync(agent, 1);
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
            {
                wrong.AddRange(expected.Where(e => !told.ContainsKey(e)).Take(5).Select(e => $"never told: {e}"));
                wrong.Add($"{expected.Count(e => !told.ContainsKey(e))} of {expected.Count} never told");
                throw new InvalidOperationException($"seed {seed}: {string.Join("; ", wrong.Take(10))}\n{agent.Log}");
            }
        }
    }
}
