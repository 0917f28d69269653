using Dapper;

namespace Hinoban.Storage;

/// <summary>Whether a server keeps every commit in two places before it confirms it: what two desk nodes need, or a takeover could lose what was acknowledged.</summary>
internal static class ServerSurvey
{
    /// <summary>What is wrong, and what would be right; empty if all is well. For whoever runs the database, so in its words.</summary>
    internal static IReadOnlyList<string> Of(Dialect dialect)
    {
        using var connection = dialect.Connect();
        var wrong = new List<string>();
        if (string.IsNullOrWhiteSpace(connection.ExecuteScalar<string>("show synchronous_standby_names")))
        {
            wrong.Add("synchronous_standby_names is empty (set it to the standby's application_name)");
        }

        if (connection.ExecuteScalar<string>("show synchronous_commit") is var commit && commit is not ("on" or "remote_apply"))
        {
            wrong.Add($"synchronous_commit is {commit} (set it to on)");
        }

        // Of other users' processes only a member of pg_monitor sees the state.
        var standbys = connection.Query<string?>("select case when state = 'streaming' then sync_state end from pg_stat_replication").AsList();
        if (!standbys.Exists(s => s is "sync" or "quorum"))
        {
            wrong.Add(standbys.Count == 0
                ? "no standby follows the server"
                : "no standby in pg_stat_replication is 'streaming' with sync_state 'sync' or 'quorum', or this role may not see it (grant pg_monitor to it)");
        }

        return wrong;
    }
}
