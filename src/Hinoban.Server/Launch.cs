using Hinoban.Server.Options;
using Hinoban.Server.Roles;

namespace Hinoban.Server;

/// <summary>Builds the app of a role.</summary>
internal static class Launch
{
    internal static ServerApp Build(ServerOptions options, TimeProvider clock) => options.Role switch
    {
        ServerRole.Up => ServerApp.Desk(options, clock, ground => SiteRole.Inside(ground, DeskRole.Wire(ground))),
        ServerRole.Desk => ServerApp.Desk(options, clock, DeskRole.Wire),
        ServerRole.Site => ServerApp.Site(options, clock, SiteRole.Wire),
    };
}
