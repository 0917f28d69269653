using System.Diagnostics;
using Hinoban.Tests.House;

namespace Hinoban.Tests.States;

/// <summary>Our <see cref="Hinoban.States.StateMachine"/> against Nagios 4.4.6, recorded and live.</summary>
public sealed class NagiosTableTests
{
    private const string Nagios = "/usr/sbin/nagios4";

    /// <summary>Sequences in which ours is known to differ, with the reason; none is.</summary>
    private static readonly IReadOnlyDictionary<string, string> KnownDifferences = new Dictionary<string, string>();

    private static readonly string Recorded = Repository.Path("tests", "Hinoban.Tests", "States", "nagios-4.4.6.tsv");

    [Fact]
    public void Every_recorded_step_is_ours_too()
    {
        var table = NagiosTable.Read(Recorded);

        Assert.StartsWith("# Nagios Core 4.4.6,", table.Heading, StringComparison.Ordinal);
        Assert.True(table.Sequences.Count >= 200, $"only {table.Sequences.Count} sequences");
        Assert.Contains(table.Sequences, s => s.Name == "host-down-while-service-soft");
        var different = table.Sequences.Where(s => s.Differences().Any()).ToList();
        Assert.Empty(different.Where(s => !KnownDifferences.ContainsKey(s.Name)).SelectMany(s => s.Differences()));
        Assert.Equal(KnownDifferences.Keys.Order(), different.Select(s => s.Name).Order());
    }

    [Fact]
    public void The_installed_nagios_still_does_what_was_recorded()
    {
        Assert.SkipUnless(File.Exists(Nagios), "nagios4 is not installed: ./dev test installs it");
        string[] names =
        [
            "soft-recovery", "soft-severity", "attempts-1", "host-soft-recovery", "host-unreachable",
            "host-down-while-service-soft", "host-down-before-service", "host-down-service-recovers-first", "host-recovers-first",
        ];
        var folder = Directory.CreateTempSubdirectory("hinoban-nagios-");
        try
        {
            Compare(Path.Combine(folder.FullName, "live.tsv"), names);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(string file, string[] names)
    {
        var said = Record(file, names);

        Assert.True(File.Exists(file), said);
        var live = NagiosTable.Read(file);
        Assert.Equal(names.Order(), live.Sequences.Select(s => s.Name).Order());
        Assert.Empty(live.Sequences.SelectMany(s => s.Differences()));
        if (live.Heading.StartsWith("# Nagios Core 4.4.6,", StringComparison.Ordinal))
        {
            var recorded = NagiosTable.Read(Recorded).Sequences.ToDictionary(s => s.Name);
            Assert.All(live.Sequences, s => Assert.Equal(recorded[s.Name].Steps, s.Steps));
        }
    }

    private static string Record(string file, string[] names)
    {
        // Reading its output has no end of its own, so the recorder has one.
        var start = new ProcessStartInfo("timeout", ["--kill-after=10", "150", Repository.Path("eng", "record-nagios.py"), file, .. names])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var error = python.StandardError.ReadToEndAsync();
        var said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.SkipWhen(python.ExitCode == 127, "python3 is not installed, which the recorder is written in: ./dev test installs it");
        Assert.True(python.ExitCode != 124, "the recorder did not end");
        return said + error.Result;
    }
}
