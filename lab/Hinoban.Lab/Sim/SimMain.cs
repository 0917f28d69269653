using System.Globalization;
using Hinoban.Lab.Memory;
using Hinoban.Lab.Story;

namespace Hinoban.Lab.Sim;

/// <summary>What is asked for at the command line.</summary>
internal sealed record SimOptions(int Seed, double Days, int Runs, int Density, int Threads, string Folder, int Shrinks, string? Pairs, bool Stop)
{
    /// <summary>No run begins after so long; for ever if null.</summary>
    internal TimeSpan? Within { get; init; }

    /// <summary>No run begins after so many seconds of a processor.</summary>
    internal double? Cpu { get; init; }

    /// <summary>These instead of seeds in a row.</summary>
    internal IReadOnlyList<int>? Seeds { get; init; }

    /// <summary>Only the scripts are printed.</summary>
    internal bool Show { get; init; }

    /// <summary>Calm hours are left out: the faults of many days are packed into these.</summary>
    internal bool Packed { get; init; }

    internal SimScript Script(int seed) => Packed ? SimDice.Packed(seed, Days) : SimDice.Script(seed, Days, Density);

    internal int Count => Seeds?.Count ?? Runs;

    /// <summary>Only seeds of this theme.</summary>
    internal SimTheme? Theme { get; init; }

    internal int SeedAt(int number) => Seeds?[number] ?? (Theme is { } theme ? SimScenes.SeedOf(theme, Seed, number) : Seed + number);

    /// <summary>Null with the reason if it cannot be understood.</summary>
    internal static (SimOptions? Options, string Wrong) Parse(string[] args)
    {
        var memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var options = new SimOptions(1, 1, 1, 1, Environment.ProcessorCount, memory, 40, null, false);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return (null, $"{args[i]} wants a value");
            }

            var value = args[i + 1];
            var number = double.TryParse(value, CultureInfo.InvariantCulture, out var n) && n >= 0 ? n : -1;
            SimOptions? next = (args[i], number >= 0) switch
            {
                ("--seed", true) => options with { Seed = (int)number },
                ("--days", true) when number >= 0.1 => options with { Days = number },
                ("--runs", true) when number >= 1 => options with { Runs = (int)number },
                ("--density", true) when number >= 1 => options with { Density = (int)number },
                ("--threads", true) when number >= 1 => options with { Threads = (int)number },
                ("--shrinks", true) => options with { Shrinks = (int)number },
                ("--minutes", true) => options with { Within = TimeSpan.FromMinutes(number), Runs = int.MaxValue },
                ("--cpu", true) => options with { Cpu = number, Runs = int.MaxValue },
                ("--stop", true) => options with { Stop = number > 0 },
                ("--show", true) => options with { Show = number > 0 },
                ("--seeds", _) when value.Split(',').All(v => int.TryParse(v, CultureInfo.InvariantCulture, out _)) =>
                    options with { Seeds = [.. value.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture))] },
                ("--theme", _) when Enum.TryParse<SimTheme>(value, ignoreCase: true, out var theme) && theme != SimTheme.None => options with { Theme = theme },
                ("--calm", _) when value is "skip" or "play" => options with { Packed = value == "skip" },
                ("--folder", _) => options with { Folder = value },
                ("--pairs", _) => options with { Pairs = value },
                _ => null,
            };
            if (next is null)
            {
                return (null, $"{args[i]} {value} is not understood");
            }

            options = next;
        }

        return (options, "");
    }
}

/// <summary>The simulator's verb: runs seeds side by side, one to a thread, tells how it goes, and shows the first violation of each law as a story.</summary>
internal sealed class SimMain(SimOptions options, TextWriter output)
{
    private readonly Lock gate = new();
    private readonly SimCoverage coverage = new();
    private readonly SortedSet<int> seedsFound = [];
    private readonly Dictionary<string, (SimScript Script, SimRecord Record, SimViolation Violation)> found = [];
    private int begun;
    private int violations;

    internal static int Run(string[] args, TextWriter output)
    {
        if (SimOptions.Parse(args) is not ({ } options, _))
        {
            output.WriteLine($"{SimOptions.Parse(args).Wrong}\nusage: sim [--seed N | --seeds N,N] [--days D] [--runs R | --minutes M | --cpu SECONDS] [--density K | --calm skip] [--theme THEME] [--threads T] [--shrinks N] [--folder FOLDER] [--pairs FILE] [--stop 1] [--show 1]");
            return 64;
        }

        MemoryNative.ForManyThreads();
        return options.Show ? Show(options, output) : new SimMain(options, output).Run();
    }

    // The scripts alone: what would be played.
    private static int Show(SimOptions options, TextWriter output)
    {
        foreach (var number in Enumerable.Range(0, options.Count))
        {
            output.WriteLine($"{options.Script(options.SeedAt(number))}\n");
        }

        return 0;
    }

    private int Run()
    {
        var began = TimeProvider.System.GetTimestamp();
        if (options.Pairs is { } before && File.Exists(before))
        {
            coverage.Load(File.ReadLines(before));
        }

        var threads = Enumerable.Range(0, Math.Min(options.Threads, options.Count)).Select(_ => new Thread(() => Work(began)) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var took = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine(coverage.Table());
        if (options.Pairs is { } file)
        {
            File.WriteAllText(file, coverage.Pairs());
        }

        var wrong = $"{violations} violations{(seedsFound.Count > 0 ? $" in the seeds {string.Join(", ", seedsFound)}" : "")}";
        output.WriteLine(coverage.Totals(options.Packed));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{coverage.Runs} runs, {coverage.SiteDays:0.#} site-days in {took.TotalSeconds:0.0} s ({coverage.SiteDays / took.TotalSeconds:0.00} a second, {coverage.SiteDays / Cpu:0.00} a second of a processor), {Cpu:0} CPU-s, {coverage.Faults / Cpu:0.0} faults per CPU-s, {wrong}"));
        foreach (var (script, record, violation) in found.Values)
        {
            Tell(script, record, violation);
        }

        return violations == 0 ? 0 : 1;
    }

    private static double Cpu => Environment.CpuUsage.TotalTime.TotalSeconds;

    private void Work(long began)
    {
        while (Next(began) is { } seed)
        {
            var script = options.Script(seed);
            SimRecord record;
            try
            {
                record = SimRun.Play(script, options.Folder);
            }
            catch (Exception broken)
            {
                lock (gate)
                {
                    violations++;
                    seedsFound.Add(seed);
                    output.WriteLine($"seed {seed}: the run itself broke: {broken}\n{script}");
                }

                continue;
            }

            var (wrong, excused, owed) = SimJudge.Judge(record);
            lock (gate)
            {
                Note(seed, record, wrong, excused, owed, began);
            }
        }
    }

    private int? Next(long began)
    {
        lock (gate)
        {
            var over = (options.Stop && violations > 0) || begun == options.Count || TimeProvider.System.GetElapsedTime(began) > options.Within || Cpu > options.Cpu;
            return over ? null : options.SeedAt(begun++);
        }
    }

    private void Note(int seed, SimRecord record, IReadOnlyList<SimViolation> wrong, int excused, SimOwed owed, long began)
    {
        coverage.Add(record, excused, owed);
        violations += wrong.Count;
        foreach (var one in wrong)
        {
            output.WriteLine($"seed {seed}: {one}");
            seedsFound.Add(seed);
            found.TryAdd(one.Law, (record.Script, record, one));
        }

        var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {record.Script.Faults.Count} faults, {record.Incidents.Count} incidents, {record.Mails.Count} mails, {wrong.Count} violations; {coverage.SiteDays:0.#} site-days so far, {coverage.SiteDays / took:0.00} a second"));
    }

    private void Tell(SimScript script, SimRecord record, SimViolation violation)
    {
        var (least, itsRecord, itsViolation) = new SimShrink(options.Folder, options.Shrinks).Shrink(script, record, violation);
        output.WriteLine($"\n=== {itsViolation}\n{least}\n");
        var from = itsViolation.At - TimeSpan.FromMinutes(20);
        foreach (var entry in itsRecord.Entries.Where(e => e.Kind != EntryKind.Order && e.At >= from && e.At <= itsViolation.At + TimeSpan.FromMinutes(3)).TakeLast(100))
        {
            output.WriteLine(entry);
        }
    }
}
