using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads first-response procedures. A runbook with a step that cannot be carried out yet is named and left out whole.</summary>
internal sealed class RunbookReader(SpecProblems problems, HostShelf hosts)
{
    private static readonly string[] StepWords = ["recheck", "read", "change", "verify"];

    private readonly SpecValues values = new(problems);

    internal IReadOnlyList<RunbookPlan> Read(SpecPiece? section) =>
        [.. Section.Entries(problems, section, "`runbooks`", "restart-web: { title: …, steps: [ … ] }").Select(Runbook).OfType<RunbookPlan>()];

    private RunbookPlan? Runbook(SpecEntry entry)
    {
        var key = values.Key(entry.Key, "a runbook's name");
        if (Clause.Open(problems, Section.Filled(entry), entry.Key.At, RunbookLanguage.Runbook) is not { } runbook)
        {
            return null;
        }

        var title = runbook.Both("title") ?? Text.Same(entry.Key.Text);
        var risk = runbook.OneOf("risk", ("read", RunbookRisk.Read), ("change", RunbookRisk.Change), ("destroy", RunbookRisk.Destroy));
        var written = runbook.Must("steps", "[{ recheck: { still: failing } }]");
        if (written is not (SpecList { Items.Count: > 0 } or null))
        {
            problems.Wrong(written.At, $"`steps` is {(written is SpecList ? "an empty list" : SpecValues.Kind(written))}", "a list with at least one step, each beginning with `- read:` or the like");
        }

        var later = new List<string>();
        var steps = written is SpecList list ? list.Items.Select(item => Step(item, later)).OfType<StepPlan>().ToList() : [];
        Risk(runbook, risk, steps);
        LogIns(entry.Key.Text, written, steps);
        if (later.Count > 0)
        {
            problems.NotInForce(entry.Key.At, $"runbook {Shown.As(entry.Key.Text)}, since {later[0]}", "its checks run without a runbook");
            return null;
        }

        return key is null ? null : new RunbookPlan(entry.Key.Text, title, risk ?? Worst(steps), steps);
    }

    private static RunbookRisk Worst(List<StepPlan> steps) => steps.Any(s => s is ChangeStepPlan) ? RunbookRisk.Change : RunbookRisk.Read;

    private void Risk(Clause runbook, RunbookRisk? risk, List<StepPlan> steps)
    {
        if (risk == RunbookRisk.Read && steps.Any(s => s is ChangeStepPlan))
        {
            problems.Wrong(runbook.Find("risk")!.At, "`risk: read`, but a step changes the host", "write `risk: change`");
        }
    }

    private void LogIns(string runbook, SpecPiece? at, List<StepPlan> steps)
    {
        foreach (var host in Targets(steps).Distinct())
        {
            if (hosts.Host(host) is { Ssh: null })
            {
                problems.Note(at!.At, $"runbook {Shown.As(runbook)} runs on {Shown.As(host)}, which has no `ssh`", "give the host `ssh: { user, host_keys }`, or its steps cannot run");
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

    private StepPlan? Step(SpecPiece node, List<string> later)
    {
        var entry = node switch
        {
            SpecMap { Entries: [var only] } => only,
            SpecScalar { IsNull: false } word => new SpecEntry(word, new SpecMap(word.At, [])),
            _ => default,
        };
        if (entry.Key is null)
        {
            problems.Wrong(node.At, $"a step is {(node is SpecMap ? "a map of several keys" : SpecValues.Kind(node))}", "begin each step with its word: `- read: { on: …, run: … }`");
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
                problems.Unknown(entry.Key.At, $"{Shown.As(entry.Key.Text)} is not a step", entry.Key.Text, StepWords);
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
            problems.NotInForce(save.At, "`save` of a `read` step", "the whole transcript is kept in any case");
        }

        var plan = (On(step), Run(step), Exit(step), values.Key(step.Find("save"), "a name to save under"), Timeout(step, SpecDefaults.ReadTimeout));
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

    private VerifyStepPlan? Verify(Clause? step, List<string> later)
    {
        if (step is null)
        {
            return null;
        }

        var (what, why) = ElseReader.Read(step, StepElse.Stop);
        var times = values.Word(step.Find("ok"), "`ok`") is { } text && (text.EndsWith(" times", StringComparison.Ordinal) || text == "1 time")
            ? values.Whole(new SpecScalar(step.Find("ok")!.At, text[..text.IndexOf(' ', StringComparison.Ordinal)], plain: true), "`ok`", 1, 10)
            : step.Whole("ok", 1, 10);
        var within = step.Duration("within", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        return Item(step, later) is var (host, service)
            ? new VerifyStepPlan(host, service, times ?? SpecDefaults.VerifyTimes, within ?? SpecDefaults.VerifyWithin, what, why)
            : null;
    }

    private (string Host, string Service)? Item(Clause step, List<string> later)
    {
        var node = step.Must("check", "web01/http");
        if (values.Word(node, "`check`", "host/check, or a host for its host check") is not { } title)
        {
            return null;
        }

        var slash = title.IndexOf('/', StringComparison.Ordinal);
        var (host, service) = slash < 0 ? (title, "") : (title[..slash], title[(slash + 1)..]);
        if (!hosts.Keys.Contains(host))
        {
            problems.Unknown(node!.At, $"there is no host {Shown.As(host)}", host, hosts.Keys);
            return null;
        }

        if (hosts.Unwatched.Contains(title))
        {
            later.Add($"{Shown.As(title)} is not looked at");
            return (host, service);
        }

        if (hosts.Host(host) is { } spec && !spec.All.Any(c => c.Key == service))
        {
            problems.Unknown(node!.At, $"{Shown.As(host)} has no {(slash < 0 ? "host check" : $"check {Shown.As(service)}")}", title, spec.Services.Select(c => $"{host}/{c.Key}"));
        }

        return (host, service);
    }

    private string? On(Clause step)
    {
        var node = step.Must("on", "web01");
        if (values.Word(node, "`on`", "the name of a host") is not { } host)
        {
            return null;
        }

        if (hosts.Keys.Contains(host))
        {
            return host;
        }

        problems.Unknown(node!.At, $"there is no host {Shown.As(host)}", host, hosts.Keys);
        return null;
    }

    /// <summary>A person confirms exactly this text, so it shows everything it does: one line, nothing invisible.</summary>
    private string? Run(Clause step) => values.Line(step.Must("run", "\"systemctl is-active nginx\""), "`run`", 2000);

    private static int? Exit(Clause step) =>
        Clause.Open(step.Problems, step.Find("expect"), default, RunbookLanguage.ExpectExit)?.Whole("exit", 0, 255);

    private static TimeSpan Timeout(Clause step, TimeSpan usual) =>
        step.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? usual;
}
