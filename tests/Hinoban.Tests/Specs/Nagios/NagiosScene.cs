using System.Diagnostics;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;
using Hinoban.Tests.House;

namespace Hinoban.Tests.Specs.Nagios;

/// <summary>Nagios configurations for the tests: texts of their own, and a folder on disk that the real Nagios reads too.</summary>
internal static class NagiosScene
{
    internal const string Program = "/usr/sbin/nagios4";

    /// <summary>What most texts need: a command, a period and a host with everything.</summary>
    internal const string Base = """
        define command {
            command_name ping
            command_line /usr/lib/nagios/plugins/check_ping -H $HOSTADDRESS$ -w 100.0,20% -c 500.0,60%
        }
        define host {
            name base
            register 0
            check_command ping
            max_check_attempts 3
        }
        define service {
            name base
            register 0
            check_command ping
            max_check_attempts 3
        }

        """;

    internal static (NagiosModel Model, IReadOnlyList<Problem> Problems) Read(string text, NagiosSettings? settings = null)
    {
        var problems = new NagiosProblems();
        var model = NagiosReader.ReadTexts([new SpecFile("t.cfg", text)], settings ?? new NagiosSettings(), problems);
        return (model, problems.Sorted());
    }

    internal static NagiosModel Right(string text, NagiosSettings? settings = null)
    {
        var (model, problems) = Read(text, settings);
        Assert.Empty(problems.Where(p => p.Level == ProblemLevel.Error).Select(p => p.ToString()));
        return model;
    }

    internal static NagiosImport Import(string text, NagiosSettings? settings = null)
    {
        var problems = new NagiosProblems();
        var model = NagiosReader.ReadTexts([new SpecFile("t.cfg", text)], settings ?? new NagiosSettings(), problems);
        Assert.Empty(problems.Sorted().Where(p => p.Level == ProblemLevel.Error).Select(p => p.ToString()));
        return NagiosSpec.Write(model, "acme", "acme@lists.example.jp", problems);
    }

    /// <summary>What was written, read by our own reader; a mistake in it fails the test.</summary>
    internal static CustomerSpec ReadBack(NagiosImport import)
    {
        var reading = SpecReader.ReadText("acme.yaml", import.Text);
        Assert.Empty(reading.Problems.Where(p => p.Level == ProblemLevel.Error).Select(p => p.ToString()));
        return Assert.Single(reading.Customers);
    }

    /// <summary>The configuration with every feature in a folder of its own, whose name replaces the place left open in it.</summary>
    internal static string Everything(string folder)
    {
        var from = Repository.Path("tests", "Hinoban.Tests", "Specs", "Nagios", "everything");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.WriteAllText(to, File.ReadAllText(file).Replace("@work@", Path.Combine(folder, "work"), StringComparison.Ordinal));
        }

        // Nagios started by root goes on as its own user, who must be able to write here.
        Directory.CreateDirectory(Path.Combine(folder, "work"));
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder, open);
        File.SetUnixFileMode(Path.Combine(folder, "work"), open | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        return Path.Combine(folder, "nagios.cfg");
    }

    internal static (int Exit, string Said) Nagios(params string[] arguments)
    {
        using var nagios = Process.Start(new ProcessStartInfo("timeout", ["--kill-after=5", "60", Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = nagios.StandardError.ReadToEndAsync();
        var said = nagios.StandardOutput.ReadToEnd();
        nagios.WaitForExit();
        return (nagios.ExitCode, said + error.Result);
    }
}
