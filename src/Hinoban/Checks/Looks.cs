using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>All check kinds behind one door: looks at an item in the way its plan says.</summary>
internal sealed class Looks : ILook, IDisposable
{
    private readonly PingLook ping;
    private readonly HttpLook http;
    private readonly TcpLook tcp;
    private readonly PluginLook plugin;

    internal Looks(PluginOptions plugins, TimeProvider clock)
    {
        var connector = new Connector();
        ping = new PingLook(connector, clock);
        http = new HttpLook(connector, clock);
        tcp = new TcpLook(connector, clock);
        plugin = new PluginLook(plugins, clock);
    }

    public Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel) => item.Look switch
    {
        PingLookPlan => ping.LookAsync(item, timeout, cancel),
        HttpLookPlan => http.LookAsync(item, timeout, cancel),
        TcpLookPlan => tcp.LookAsync(item, timeout, cancel),
        PluginLookPlan => plugin.LookAsync(item, timeout, cancel),
        _ => Task.FromResult(LookFailures.Engine("", $"this site does not know how to look at kind '{item.Look.Kind}'")),
    };

    public void Dispose() => ping.Dispose();
}
