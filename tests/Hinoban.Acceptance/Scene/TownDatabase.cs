using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>The database of a desk with two nodes: a PostgreSQL and its synchronous standby, both with real disks.</summary>
internal sealed class TownDatabase : IAsyncDisposable
{
    private TownDatabase(PostgresServer primary, PostgresServer standby) => (Primary, Standby) = (primary, standby);

    internal PostgresServer Primary { get; }

    internal PostgresServer Standby { get; }

    internal string Connection => Primary.Connection("hinoban", Standby);

    internal static async Task<TownDatabase> StartAsync(string folder)
    {
        var primary = await PostgresServer.StartAsync(Path.Combine(folder, "primary"), durable: true);
        await primary.ExecuteAsync("postgres", "create database hinoban");
        return new TownDatabase(primary, await primary.FollowAsync(Path.Combine(folder, "standby")));
    }

    /// <summary>The primary dies, and the standby takes its place; gives the moment when it takes writes.</summary>
    internal async Task FailOverAsync()
    {
        await Primary.KillAsync();
        await Standby.PromoteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
