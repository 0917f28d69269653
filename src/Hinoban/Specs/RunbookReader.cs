using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads first-response procedures. A runbook with a step that cannot be carried out yet is named and left out whole.</summary>
internal sealed class RunbookReader(SpecProblems problems, HostShelf hosts)
{
    private static readonly string[] StepWords = ["recheck", "read", "change", "verify"];

    private readonly SpecValues values = new(problems);

    internal IReadOnlyList<RunbookPlan> Read(SpecPiece? section) =>
        [.. Section.Entries(problems, section, SpecText.Key("runbooks"), "restart-web: { title: …, steps: [ … ] }").Select(Runbook).OfType<RunbookPlan>()];

    private RunbookPlan? Runbook(SpecEntry entry)
    {
        var key = values.Key(entry.Key, RunbookText.Name);
        if (Clause.Open(problems, Section.Filled(entry), entry.Key.At, RunbookLanguage.Runbook) is not { } runbook)
        {
            return null;
        }

        var title = runbook.Both("title") ?? Text.Same(entry.Key.Text);
        var risk = runbook.OneOf("risk", ("read", RunbookRisk.Read), ("change", RunbookRisk.Change), ("destroy", RunbookRisk.Destroy));
        var written = runbook.Must("steps", "[{ recheck: { still: failing } }]");
        if (written is not (SpecList { Items.Count: > 0 } or null))
        {
            problems.Wrong(written.At, SpecText.Is(SpecText.Key("steps"), SpecValues.Kind(written)), RunbookText.StepsRight);
        }

        var later = new List<Text>();
        var steps = written is SpecList list ? list.Items.Select(item => Step(item, later)).OfType<StepPlan>().ToList() : [];
        Risk(runbook, risk, steps);
        LogIns(entry.Key.Text, written, steps);
        if (later.Count > 0)
        {
            problems.NotInForce(entry.Key.At, RunbookText.Later(entry.Key.Text, later[0]), RunbookText.WithoutRunbook);
            return null;
        }

        return key is null ? null : new RunbookPlan(entry.Key.Text, title, risk ?? Worst(steps), steps);
    }

    private static RunbookRisk Worst(List<StepPlan> steps) => steps.Any(s => s is ChangeStepPlan) ? RunbookRisk.Change : RunbookRisk.Read;

    private void Risk(Clause runbook, RunbookRisk? risk, List<StepPlan> steps)
    {
        if (risk == RunbookRisk.Read && steps.Any(s => s is ChangeStepPlan))
        {
            problems.Wrong(runbook.Find("risk")!.At, RunbookText.ReadButChanges, RunbookText.RiskRight);
        }
    }

    private void LogIns(string runbook, SpecPiece? at, List<StepPlan> steps)
    {
        foreach (var host in Targets(steps).Distinct())
        {
            if (hosts.Host(host) is { Ssh: null })
            {
                problems.Note(at!.At, RunbookText.RunsWithoutSsh(runbook, host), RunbookText.NoSshRight);
            }
        }
    }

    /// <summary>The hosts that a runbook's commands run on.</summary>
    internal static IEnumerable<string> Targets(IEnumerable<StepPlan> steps) => steps.Select(s => s switch
    {
        ReadStepPlan read => read.On,
        ChangeStepPlan change => change.On,
        _ => "",
    }).Where(on => on.Length > 0);

    private StepPlan? Step(SpecPiece node, List<Text> later)
    {
        var entry = node switch
        {
            SpecMap { Entries: [var only] } => only,
            SpecScalar { IsNull: false } word => new SpecEntry(word, new SpecMap(word.At, [])),
            _ => default,
        };
        if (entry.Key is null)
        {
            problems.Wrong(node.At, SpecText.Is(RunbookText.Step, node is SpecMap ? RunbookText.SeveralKeys : SpecValues.Kind(node)), RunbookText.StepRight);
            return null;
        }

        var value = Section.Filled(entry);
        switch (entry.Key.Text)
        {
            case "recheck":
                return Recheck(Clause.Open(problems, value, entry.Key.At, RunbookLanguage.Recheck));
            case "read" or "check":
                return ReadStep(Clause.Open(problems, value, entry.Key.At, RunbookLanguage.Read));
            case "change":
                return Change(Clause.Open(problems, value, entry.Key.At, RunbookLanguage.Change));
            case "verify":
                return Verify(Clause.Open(problems, value, entry.Key.At, RunbookLanguage.Verify), later);
            default:
                problems.Unknown(entry.Key.At, RunbookText.NotAStep(entry.Key.Text), entry.Key.Text, StepWords);
                return null;
        }
    }

    private RecheckStepPlan? Recheck(Clause? step)
    {
        if (step is null)
        {
            return null;
        }

        step.OneOf("still", ("failing", true));
        var (what, why) = ElseReader.Read(step, StepElse.Close);
        return new RecheckStepPlan(what, why);
    }

    private ReadStepPlan? ReadStep(Clause? step)
    {
        if (step is null)
        {
            return null;
        }

        var (what, why) = ElseReader.Read(step, StepElse.Stop);
        if (step.Find("save") is { } save)
        {
            problems.NotInForce(save.At, RunbookText.Save, RunbookText.KeptAnyway);
        }

        var plan = (On(step), Run(step), Exit(step), values.Key(step.Find("save"), RunbookText.SaveName), Timeout(step, SpecDefaults.ReadTimeout));
        return plan is ({ } on, { } run, _, _, _) ? new ReadStepPlan(on, run, plan.Item3, plan.Item4, plan.Item5, what, why) : null;
    }

    private ChangeStepPlan? Change(Clause? step)
    {
        if (step is null)
        {
            return null;
        }

        var (what, why) = ElseReader.Read(step, StepElse.Stop);
        var plan = (On(step), Run(step), Exit(step) ?? 0, Timeout(step, SpecDefaults.ChangeTimeout));
        return plan is ({ } on, { } run, _, _) ? new ChangeStepPlan(on, run, plan.Item3, plan.Item4, what, why) : null;
    }

    private VerifyStepPlan? Verify(Clause? step, List<Text> later)
    {
        if (step is null)
        {
            return null;
        }

        var (what, why) = ElseReader.Read(step, StepElse.Stop);
        var times = values.Word(step.Find("ok"), SpecText.Key("ok")) is { } text && (text.EndsWith(" times", StringComparison.Ordinal) || text == "1 time")
            ? values.Whole(new SpecScalar(step.Find("ok")!.At, text[..text.IndexOf(' ', StringComparison.Ordinal)], plain: true), SpecText.Key("ok"), 1, 10)
            : step.Whole("ok", 1, 10);
        var within = step.Duration("within", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        return Item(step, later) is var (host, service)
            ? new VerifyStepPlan(host, service, times ?? SpecDefaults.VerifyTimes, within ?? SpecDefaults.VerifyWithin, what, why)
            : null;
    }

    private (string Host, string Service)? Item(Clause step, List<Text> later)
    {
        var node = step.Must("check", "web01/http");
        if (values.Word(node, SpecText.Key("check"), RunbookText.ItemRight) is not { } title)
        {
            return null;
        }

        var slash = title.IndexOf('/', StringComparison.Ordinal);
        var (host, service) = slash < 0 ? (title, "") : (title[..slash], title[(slash + 1)..]);
        if (!hosts.Keys.Contains(host))
        {
            problems.Unknown(node!.At, CustomerText.NoSuchHost(host), host, hosts.Keys);
            return null;
        }

        if (hosts.Wrong.Contains(title))
        {
            return (host, service);
        }

        if (hosts.Unwatched.Contains(title))
        {
            later.Add(RunbookText.NotLookedAt(title));
            return (host, service);
        }

        if (hosts.Host(host)?.Services.Any(c => c.Key == service && c.Look is PassiveLookPlan) == true)
        {
            problems.Wrong(node!.At, CheckText.PassiveVerify, CheckText.PassiveVerifyRight);
        }
        else if (hosts.Host(host) is { } spec && !spec.All.Any(c => c.Key == service))
        {
            problems.Unknown(node!.At, slash < 0 ? RunbookText.NoHostCheck(host) : RunbookText.NoCheck(host, service), title, spec.Services.Select(c => $"{host}/{c.Key}"));
        }

        return (host, service);
    }

    private string? On(Clause step)
    {
        var node = step.Must("on", "web01");
        if (values.Word(node, SpecText.Key("on"), RunbookText.OnRight) is not { } host)
        {
            return null;
        }

        if (hosts.Keys.Contains(host))
        {
            return host;
        }

        problems.Unknown(node!.At, CustomerText.NoSuchHost(host), host, hosts.Keys);
        return null;
    }

    /// <summary>A person confirms exactly this text, so it shows everything it does: one line, nothing invisible.</summary>
    private string? Run(Clause step) => values.Line(step.Must("run", "\"systemctl is-active nginx\""), SpecText.Key("run"), 2000);

    private static int? Exit(Clause step) =>
        Clause.Open(step.Problems, step.Find("expect"), default, RunbookLanguage.ExpectExit)?.Whole("exit", 0, 255);

    private static TimeSpan Timeout(Clause step, TimeSpan usual) =>
        step.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? usual;
}
