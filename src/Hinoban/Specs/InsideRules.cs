namespace Hinoban.Specs;

/// <summary>Looks from inside have a host to be done on and a door there; and where that is, once all hosts are known.</summary>
internal static class InsideRules
{
    internal static void Check(SpecProblems problems, HostShelf shelf, IEnumerable<SpecScalar> froms)
    {
        foreach (var from in froms.Where(f => !shelf.Keys.Contains(f.Text)))
        {
            problems.Unknown(from.At, AgentText.NoFrom(from.Text), from.Text, shelf.Keys);
        }

        foreach (var host in shelf.Hosts)
        {
            foreach (var check in host.All.Where(c => c.Inside is not null))
            {
                Check(problems, shelf, host, check);
            }
        }
    }

    /// <summary>The look with its way: whose agent, daemon or sshd it is, and what it is called there.</summary>
    internal static InsideLookPlan Placed(InsideLookPlan look, CustomerSpec spec, HostSpec host, CheckSpec check)
    {
        var at = look.Way.Host.Length == 0 ? host : spec.Hosts.FirstOrDefault(h => h.Key == look.Way.Host) ?? host;
        var there = at == host;
        var (port, tls, pin) = look.Way.Via switch
        {
            Via.Nrpe => (at.Doors.Nrpe.Port, at.Doors.Nrpe.Tls, at.Doors.Nrpe.Certificate),
            _ => (at.Doors.Agent.Port, NrpeTls.Certificate, at.Doors.Agent.Certificate),
        };
        var way = look.Way with
        {
            Host = at.Key,
            Command = look.Way.Via == Via.Agent ? there ? check.Key : $"{host.Key}/{check.Key}" : look.Way.Command,
            Address = there && look is not (InsideTcpLookPlan or DatabaseLookPlan) ? check.Address ?? host.Address : at.Address,
            Port = look.Way.Via == Via.Ssh ? at.Ssh?.Port ?? SpecDefaults.SshPort : port,
            Tls = tls,
            Certificate = look.Way.Via == Via.Ssh ? null : pin,
            Ssh = look.Way.Via == Via.Ssh ? at.Ssh : null,
            Plugins = at.Doors.Plugins,
        };
        return look switch
        {
            DatabaseLookPlan database => database with { Way = way, Target = Target(database.Target, spec, check.Address ?? host.Address) },
            InsideTcpLookPlan tcp => tcp with { Way = way, Target = check.Address ?? host.Address },
            _ => look with { Way = way },
        };
    }

    private static string Target(string written, CustomerSpec spec, string own) =>
        written.Length == 0 ? own : spec.Hosts.FirstOrDefault(h => h.Key == written)?.Address ?? written;

    private static void Check(SpecProblems problems, HostShelf shelf, HostSpec host, CheckSpec check)
    {
        var (at, from) = (check.Inside!.At, check.Inside.From);
        var there = from is null ? host : shelf.Host(from.Text);
        switch (((InsideLookPlan)check.Look).Way.Via)
        {
            case Via.Ssh when host.Ssh is null:
                problems.Wrong(at, AgentText.NoSsh(host.Key, check.Key), AgentText.NoSshRight);
                break;
            case Via.Agent when there is { Doors.Agent.Certificate: null }:
                problems.Note(there.At, AgentText.NotPinned(there.Key), AgentText.NotPinnedRight);
                break;
        }
    }
}
