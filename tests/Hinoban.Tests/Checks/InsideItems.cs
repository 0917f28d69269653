using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Items looked at from inside, for tests.</summary>
internal static class InsideItems
{
    internal static InsideWay Way(Via via, int port, string command = "", NrpeTls tls = NrpeTls.Certificate, string? pin = null, SshPlan? ssh = null) =>
        new(via, "web01", command, "127.0.0.1", port, tls, pin, ssh, SpecDefaults.PluginFolder);

    internal static ItemPlan Load(InsideWay way) => CheckItems.Of(new LoadLookPlan(way, false, "2,1.5,1", "4,3,2"), service: way.Command.Length > 0 ? way.Command : "load");

    internal static ItemPlan Plugin(InsideWay way, params string[] command) => CheckItems.Of(new InsidePluginLookPlan(way, command, null), service: "plugin");
}
