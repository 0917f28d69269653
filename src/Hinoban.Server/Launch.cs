using Hinoban.Server.Options;

namespace Hinoban.Server;

/// <summary>Builds the app of a role.</summary>
internal static class Launch
{
    internal static ServerApp Build(ServerOptions options, TimeProvider clock) => throw new NotSupportedException($"{options.Role} {clock}");
}
