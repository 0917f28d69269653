using Hinoban.Server.Options;
using Hinoban.Server.Roles;
using Hinoban.Storage;

namespace Hinoban.Server;

/// <summary>Builds the app of a role.</summary>
internal static class Launch
{
    /// <param name="lease">That this node has the desk; null where the desk's database is a file, and for a site.</param>
    internal static ServerApp Build(ServerOptions options, TimeProvider clock, DutyLease? lease) => options.Role switch
    {
        ServerRole.Up => ServerApp.Desk(options, clock, ground => SiteRole.Inside(ground, DeskRole.Wire(ground)), lease: lease),
        ServerRole.Desk => ServerApp.Desk(options, clock, DeskRole.Wire, lease: lease),
        ServerRole.Site => ServerApp.Site(options, clock, SiteRole.Wire),
    };
}
