using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Tests.States;

/// <summary>What Nagios 4.4.6 was recorded to do (eng/record-nagios.py), and the replay of it through our machine.</summary>
internal sealed record NagiosTable(string Heading, IReadOnlyList<NagiosSequence> Sequences)
{
    internal static NagiosTable Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var rows = lines.Skip(2).Select(NagiosStep.Parse).ToList();
        var sequences = rows.GroupBy(r => r.Sequence).Select(g => new NagiosSequence(g.Key, g.OrderBy(r => r.Step).ToList())).ToList();
        return new NagiosTable(lines[0], sequences);
    }
}

/// <summary>A recorded sequence: a host, its one service, and the results they were given.</summary>
internal sealed record NagiosSequence(string Name, IReadOnlyList<NagiosStep> Steps)
{
    /// <summary>Every step at which our machine is elsewhere than Nagios was.</summary>
    internal IEnumerable<string> Differences()
    {
        var service = new SiteView(new SiteName("tokyo"));
        var host = service;
        foreach (var step in Steps)
        {
            var seen = SightingOf(step);
            if (step.OfHost)
            {
                host = StateMachine.Step(new StateTerms(step.HostAttempts, true), host, seen, hostUp: true).After;
            }
            else
            {
                service = StateMachine.Step(new StateTerms(step.ServiceAttempts, false), service, seen, host.Status == CheckStatus.Ok).After;
            }

            var ours = $"{NagiosState.Of(service)} {NagiosState.Of(host)}";
            var nagios = $"{step.Service} {step.Host}";
            if (ours != nagios)
            {
                yield return $"{Name} step {step.Step} ({step.Result}): Nagios {nagios}, ours {ours}";
            }
        }
    }

    private static Sighting SightingOf(NagiosStep step)
    {
        var at = TimeSpan.FromSeconds(step.Step);
        var answer = new LookAnswer((CheckStatus)(step.Result[1] - '0'), Reply.Answer, NoValue.None, $"step {step.Step}");
        return new Sighting(answer, DateTimeOffset.UnixEpoch + at, at, TimeSpan.Zero);
    }
}

/// <summary>State, soft or hard, attempt and last hard state, as Nagios' status.dat has them.</summary>
internal readonly record struct NagiosState(int State, char Type, int Attempt, int LastHard)
{
    internal static NagiosState Of(SiteView view) =>
        new((int)view.Status, view.Type == StateType.Hard ? 'H' : 'S', view.Attempt, (int)view.LastHard);

    internal static NagiosState Parse(ReadOnlySpan<string> fields) =>
        new(Number(fields[0]), fields[1][0], Number(fields[2]), Number(fields[3]));

    public override string ToString() => $"{State}{Type}{Attempt}/{LastHard}";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>One row: what went in, and both objects' states after it.</summary>
internal sealed record NagiosStep(
    string Sequence, int ServiceAttempts, int HostAttempts, int Step, string Result, NagiosState Service, NagiosState Host)
{
    internal bool OfHost => Result[0] == 'H';

    internal static NagiosStep Parse(string line)
    {
        var f = line.Split('\t');
        return new NagiosStep(f[0], Number(f[1]), Number(f[2]), Number(f[3]), f[4], NagiosState.Parse(f.AsSpan(5, 4)), NagiosState.Parse(f.AsSpan(9, 4)));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
