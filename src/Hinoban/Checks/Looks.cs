using Hinoban.Checks.Via;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>All check kinds behind one door: looks at an item in the way its plan says.</summary>
internal sealed class Looks : ILook, IDisposable
{
    private readonly PingLook ping;
    private readonly HttpLook http;
    private readonly TcpLook tcp;
    private readonly PluginLook plugin;
    private readonly TalkLook talk;
    private readonly ServiceLook service;
    private readonly UdpLook udp;
    private readonly DnsLook dns;
    private readonly AgentLook agent;
    private readonly NrpeLook nrpe;
    private readonly SshLook ssh;

    internal Looks(PluginOptions plugins, TimeProvider clock, ViaOptions? via = null)
    {
        var connector = new Connector();
        ping = new PingLook(connector, clock);
        http = new HttpLook(connector, clock);
        tcp = new TcpLook(connector, clock);
        plugin = new PluginLook(plugins, clock);
        talk = new TalkLook(connector, clock);
        service = new ServiceLook(connector, clock);
        udp = new UdpLook(connector, clock);
        dns = new DnsLook(connector, clock);
        agent = new AgentLook(connector, via, clock);
        nrpe = new NrpeLook(connector, plugin, clock);
        ssh = new SshLook(via?.Ssh, clock);
    }

    public Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel) => item.Look switch
    {
        PingLookPlan => ping.LookAsync(item, timeout, cancel),
        HttpLookPlan => http.LookAsync(item, timeout, cancel),
        TcpLookPlan { Talk: not null } => talk.LookAsync(item, timeout, cancel),
        TcpLookPlan => tcp.LookAsync(item, timeout, cancel),
        PluginLookPlan => plugin.LookAsync(item, timeout, cancel),
        ServiceLookPlan => service.LookAsync(item, timeout, cancel),
        UdpLookPlan => udp.LookAsync(item, timeout, cancel),
        DnsLookPlan => dns.LookAsync(item, timeout, cancel),
        InsideLookPlan { Way.Via: Specs.Via.Agent } => agent.LookAsync(item, timeout, cancel),
        InsideLookPlan { Way.Via: Specs.Via.Nrpe } => nrpe.LookAsync(item, timeout, cancel),
        InsideLookPlan { Way.Via: Specs.Via.Ssh } => ssh.LookAsync(item, timeout, cancel),
        _ => Task.FromResult(LookFailures.Engine("", $"this site does not know how to look at kind '{item.Look.Kind}'")),
    };

    public void Dispose()
    {
        ping.Dispose();
        agent.Dispose();
    }
}
