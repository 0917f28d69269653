using System.Text;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;

namespace Hinoban.Fuzz.Targets;

/// <summary>Specifications as people write them, and Nagios' configurations that become some.</summary>
internal static class SpecTargets
{
    private const string Room = "src/Hinoban/Specs/";

    private static readonly SiteName[] Sites = [new("tokyo"), new("osaka")];

    private static readonly byte[][] Yaml = Target.Words(
        "\n", "\t", "  ", ": ", "- ", "{", "}", "[", "]", ", ", "&a ", "*a", "!x ", "#", "\"", "'", "|\n", ">\n", "%", "@", "---\n", "...\n", "? ", "~", "null", "none", "<<: *a", "\u202e", "\ufeff", "\r",
        "hosts:\n", "checks: ", "use: ", "templates:\n", "customer: acme\n", "address: ", "kind: ", "ping", "http", "tcp", "dns", "plugin", "passive", "disk", "load", "procs", "warn: ", "crit: ", "80% used", "20% free", "interval: 3m", "timeout: 10s", "via: agent", "via: ssh",
        "silences:\n", "when: \"weekly sun 02:00-03:00\"", "until: 2026-12-31", "depends_on: ", "parents: [web01]", "runbooks:\n", "steps:\n", "run: ", "vendors:\n", "else: ", "slo: { start_within: 15m }", "sites: [tokyo, osaka]", "flapping: off", "attempts: 3", "retry: 15s", "$HOST$", "99999999999");

    internal static IReadOnlyList<Target> All { get; } =
    [
        new(
            "spec", Spec,
            [.. ((string[])["SpecReader", "SpecTree", "YamlTrouble", "SpecParts", "SpecValues", "CustomerReader", "PeopleReader", "HostReader", "CheckReader", "LookReader", "ServiceLookReader", "InsideReader", "AgentLookReader", "FlapReader", "ElseReader", "DependsReader", "SilenceReader", "VendorReader", "RunbookReader", "AddressRules"]).Select(n => $"{Room}{n}.cs")])
        {
            Tokens = Yaml,
            Factor = 4000,
            Constant = 8 * 1024 * 1024,
            Short = 150,
        },
        new("spec-words", Words, Room + "SpecWords.cs", Room + "Silences.cs")
        {
            Tokens = Target.Words("daily ", "weekly ", "sat,sun ", "02:00", "-", "24:00", "from 2026-04-14 22:00 to 2026-04-15 06:00", "1h30m", "500ms", "3d", "s", "m", "2199-12-31", "2000-02-29", "99999999999999", "1.5", "$", "$A_1$", "٣"),
            Short = 10_000,
        },
        new(
            "nagios", Nagios,
            [.. ((string[])["NagiosObjectFile", "NagiosLines", "NagiosObject", "NagiosReader", "NagiosTemplates", "NagiosGroups", "NagiosPick", "NagiosServices", "NagiosPeriod", "NagiosWeek", "NagiosRelations", "NagiosReferences", "NagiosSpec", "NagiosKeys", "ItemWriter", "PeopleWriter", "RelationWriter", "SilenceWriter", "LossList"]).Select(n => $"{Room}Nagios/{n}.cs")])
        {
            Tokens = Target.Words(
                "\n", "\\\n", "\\\\\n", ";", "\\;", "#", "}", "define host {\n", "define service{\n", "define command {\n", "define timeperiod {\n", "define hostgroup {\n", "define contact {\n", "define hostdependency {\n", "define serviceescalation {\n", "define servicegroup {\n",
                "use ", "name ", "register 0\n", "host_name ", "hostgroup_name ", "members ", "*", "!", ",", "+", "null\n", "check_command ", "check_tcp!80!-w 1", "command_line ", "$USER1$/check_http -H $HOSTADDRESS$", "$ARG1$", "check_interval 5\n", "parents ", "contact_groups ", "address ",
                "service_description ", "monday 00:00-24:00\n", "february 29 - march 1 / 3 00:00-24:00\n", "exclude ", "day 1 - 15 02:00-03:00\n", "2026-01-01 - 2026-02-01 / 7 00:00-24:00\n", "dependent_host_name ", "check_period ", "max_check_attempts 3\n", "_X ", ".*"),
            Factor = 6000,
            Constant = 8 * 1024 * 1024,
            Short = 300,
        },
        new("nagios-main", MainFile, Room + "Nagios/NagiosMainFile.cs", Room + "Nagios/NagiosSettings.cs")
        {
            Tokens = Target.Words("cfg_file=", "cfg_dir=", "resource_file=", "$USER1$=", "$USER256$=", "interval_length=", "use_regexp_matching=1\n", "service_check_timeout=", "=", "#", "\n", "\\\n", "define host {\n", "1e308", "-1"),
            Factor = 500,
            Short = 5_000,
        },
        new("nagios-command", Command, Room + "Nagios/CommandWords.cs", Room + "Nagios/PluginArguments.cs", Room + "Nagios/KnownPlugins.cs")
        {
            Tokens = Target.Words("'", "\"", "\\", "\\!", "!", "$", "$ARG1$", "$$", "|", ";", "&&", "`", "$(id)", ">", "*", "~", "-w", "--warning=5", "-p80", "--", " ", "\t", "/usr/lib/nagios/plugins/check_http"),
        },
    ];

    // What is right is printed, and the print says the same when it is read.
    private static void Spec(ReadOnlyMemory<byte> input)
    {
        var reading = SpecReader.ReadText("s.yaml", Encoding.UTF8.GetString(input.Span));
        Hold.That(reading.HasErrors || reading.Customers.Count == 1, "neither a customer nor a mistake");
        Hold.That(reading.Problems.All(p => p.Line >= 1 && p.Column >= 1), "a mistake without a place");
        if (!reading.HasErrors)
        {
            var printed = Print(reading.Customers[0]);
            var again = SpecReader.ReadText("s.yaml", printed);
            Hold.That(!again.HasErrors, $"its print is a mistake: {again.Problems.FirstOrDefault(p => p.Level == ProblemLevel.Error)}");
            Hold.Same(Print(again.Customers[0]), printed, "printed and read it is another specification");
        }
    }

    private static string Print(CustomerSpec spec)
    {
        var text = new StringWriter { NewLine = "\n" };
        SpecPrint.Write(text, PlanBuilder.Preview(spec, Sites));
        return text.ToString();
    }

    private static void Words(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        if (SpecWords.Duration(text) is { } span)
        {
            Hold.Same(SpecWords.Duration(SpecWords.Of(span)), span, "written and read it is another duration");
        }

        if (SilenceWords.Recurring(text) is { } recurring)
        {
            var written = SilenceWords.Of(new RecurringTimes(recurring.Days, recurring.From, recurring.To, new DateOnly(2026, 12, 31)));
            Hold.Same(SilenceWords.Recurring(written), recurring, "written and read it is another time");
        }

        if (SilenceWords.Once(text) is { } once)
        {
            Hold.Same(SilenceWords.Once(SilenceWords.Of(new OnceTimes(once.From, once.To))), once, "written and read it is another span");
        }

        _ = (SilenceWords.Date(text), SilenceWords.Local(text), SpecWords.IsId(text), SpecWords.IsKey(text), SpecWords.Unprintable(text), SpecWords.Macros(text).Count());
    }

    // What Nagios would take becomes a specification that our own reader takes.
    private static void Nagios(ReadOnlyMemory<byte> input)
    {
        var problems = new NagiosProblems();
        var model = NagiosReader.ReadTexts([new SpecFile("t.cfg", Encoding.UTF8.GetString(input.Span))], new NagiosSettings(), problems);
        if (problems.HasErrors)
        {
            return;
        }

        var import = NagiosSpec.Write(model, "acme", "acme@lists.example.jp", problems);
        var reading = SpecReader.ReadText("acme.yaml", import.Text);
        Hold.That(!reading.HasErrors, $"what was written is a mistake: {reading.Problems.FirstOrDefault(p => p.Level == ProblemLevel.Error)}");
    }

    private static void MainFile(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        _ = NagiosMainFile.IsObjects(text);
        var (problems, settings) = (new NagiosProblems(), new NagiosSettings());
        _ = NagiosMainFile.Read(new SpecFile("nagios.cfg", text), settings, problems);
        NagiosMainFile.ReadResource(new SpecFile("resource.cfg", text), settings, problems);
        _ = (settings.IntervalLength, settings.UsesRegex, settings.AlwaysRegex, settings.AllowsEmptyGroups, settings.FindsFlapping, settings.ServiceTimeout, settings.HostTimeout);
        Hold.That(settings.Users.Keys.All(k => k is > 0 and <= 256), "a macro out of range");
        Hold.That(problems.Sorted().All(p => p.Line >= 1), "a mistake without a place");
    }

    private static void Command(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        var (words, why, _) = CommandWords.Of(text);
        Hold.That(words is null == (why is not null), "neither words nor a reason");
        _ = NagiosMacros.Arguments(text);
        if (words is { Count: > 0 })
        {
            _ = KnownPlugins.Of([words[0].Split('/')[^1], .. words.Skip(1)], "192.0.2.1");
        }
    }
}
