using Hinoban.Basics;

namespace Hinoban.Agent.Setup;

/// <summary>Reads one command of the configuration by its kind.</summary>
internal static class CommandReader
{
    private const string Kinds = "load, swap, disk, users, procs, zombies, run, action, tcp, postgres, mysql, log";
    private const int Longest = 3600;

    /// <summary>The command; null after saying why, if it cannot be read at all.</summary>
    internal static CommandPlan? Read(ConfigNode node)
    {
        var kind = node.Text("kind");
        CommandPlan? plan = kind switch
        {
            "load" => new LoadPlan(node.Flag("per_core"), Three(node)),
            "swap" => new SwapPlan(node.Limits("%")),
            "disk" => new DiskPlan(Folders(node, "mounts"), Folders(node, "except"), node.Limits("%"), node.Limits("%", "inodes_")),
            "users" => new UsersPlan(node.Limits()),
            "procs" => new ProcsPlan(node.Text("name", wanted: false), node.Limits()),
            "zombies" => new ZombiesPlan(node.Limits()),
            "run" => new RunPlan(Command(node), Seconds(node, 10), node.Text("user", wanted: false)),
            "action" => new ActionPlan(Command(node), Seconds(node, 60)),
            "tcp" => new TcpPlan(node.Text("host") ?? "", Port(node, 0), node.Limits(), Seconds(node, 10)),
            "postgres" => Database(node, DatabaseKind.Postgres, 5432, "postgres"),
            "mysql" => Database(node, DatabaseKind.MySql, 3306, ""),
            "log" => LogReader.Read(node),
            _ => null,
        };
        if (plan is not null)
        {
            node.Finish();
        }
        else if (kind is not null)
        {
            node.Wrong("kind", $"'{kind}' is not known; kinds are {Kinds}");
        }

        return plan;
    }

    // "4,3,2": for 1, 5 and 15 minutes; where fewer are given, the last stands for the rest, as in check_load.
    private static List<Limits> Three(ConfigNode node)
    {
        var (warn, crit) = (Split(node, "warn"), Split(node, "crit"));
        return [.. Enumerable.Range(0, 3).Select(i => new Limits(At(warn, i), At(crit, i)))];

        static NagiosRange? At(List<NagiosRange?> ranges, int at) => ranges.Count == 0 ? null : ranges[Math.Min(at, ranges.Count - 1)];
    }

    private static List<NagiosRange?> Split(ConfigNode node, string key)
    {
        if (node.Text(key, wanted: false) is not { } text)
        {
            return [];
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length > 3)
        {
            node.Wrong(key, $"'{text}' has {parts.Length} parts; write up to three ranges, for 1, 5 and 15 minutes");
        }

        return [.. parts.Take(3).Select(p => node.Range(key, p, ""))];
    }

    private static IReadOnlyList<string> Folders(ConfigNode node, string key)
    {
        var folders = node.Texts(key, wanted: false);
        foreach (var folder in folders.Where(f => !f.StartsWith('/')))
        {
            node.Wrong(key, $"'{folder}' is no mount point; write a path that begins with /");
        }

        return folders;
    }

    private static IReadOnlyList<string> Command(ConfigNode node)
    {
        var command = node.Texts("command");
        if (command.Count > 0 && !command[0].StartsWith('/'))
        {
            node.Wrong("command", $"'{command[0]}' is no full path; write the program with its path, then its arguments one by one (no shell reads them)");
        }

        return command;
    }

    private static TimeSpan Seconds(ConfigNode node, int otherwise) => TimeSpan.FromSeconds(node.Number("timeout", otherwise, 1, Longest));

    private static int Port(ConfigNode node, int otherwise)
    {
        if (otherwise == 0 && !node.Has("port"))
        {
            node.Wrong("port", "is missing; write a number from 1 to 65535");
        }

        return node.Number("port", otherwise, 1, 65535);
    }

    private static DatabasePlan Database(ConfigNode node, DatabaseKind kind, int port, string database) => new(
        kind,
        node.Text("host") ?? "",
        Port(node, port),
        node.Text("database", wanted: false) ?? database,
        node.Text("user") ?? "",
        node.Text("password_file", wanted: false),
        node.Text("query", wanted: false) ?? "select 1",
        node.Limits(),
        Seconds(node, 10));
}
