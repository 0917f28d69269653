extern alias agent;

using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using agent::Hinoban.Agent.Databases;
using agent::Hinoban.Agent.Measures;
using agent::Hinoban.Agent.Setup;

namespace Hinoban.Fuzz.Targets;

/// <summary>What the agent reads on its machine: its configuration, databases' answers, files of /proc and /run.</summary>
internal static class AgentTargets
{
    private const string Room = "src/Hinoban.Agent/";
    private const string Nonce = "fyko+d2lbbFgONRv9qkxdawL";

    private static readonly DatabaseLogin Login = new("hinoban", "secret", "shop", "db.example.jp");
    private static readonly string Mountinfo = MadeFiles.At("proc/self/mountinfo");
    private static readonly string Filesystems = MadeFiles.At("proc/filesystems");
    private static readonly string Session = MadeFiles.At("run/systemd/sessions/1");
    private static readonly string Meminfo = MadeFiles.At("proc/meminfo");
    private static readonly string Loadavg = MadeFiles.At("proc/loadavg");
    private static readonly string ProcStat = MadeFiles.At("proc/stat");
    private static readonly Roots Made = new(Path.GetDirectoryName(ProcStat)!, MadeFiles.At("run"));

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("agent-config", Config, Room + "Setup/ConfigReader.cs", Room + "Setup/ConfigNode.cs", Room + "Setup/CommandReader.cs")
        {
            Tokens = Target.Words(
                "{\"v\":1", ",\"listen\":[\"0.0.0.0:5666\"]", ",\"allow\":[\"192.0.2.0/24\"]", ",\"tls\":{", "\"certificate\":\"a.pem\"", "\"sites\":[\"sha256:", "\"clients\":\"any\"", ",\"commands\":{", "\"kind\":\"load\"", "\"kind\":\"disk\"", "\"kind\":\"run\"", "\"kind\":\"postgres\"", "\"kind\":\"procs\"",
                "\"warn\":", "\"crit\":", "\"command\":[\"/bin/true\"]", "\"timeout_s\":", "null", "true", "[]", "{}", "\"\\ud800\"", "\\u0000", "1e400", "[[[[[[[[[", "//", "}", ",", "\ufeff"),
            Factor = 400,
        },
        new("mysql", MySql, Room + "Databases/MySqlGreeting.cs", Room + "Databases/MySqlSession.cs", Room + "Databases/MySqlProof.cs", Room + "Databases/Wire.cs")
        {
            Tokens = [[10, .. "8.0.36\0"u8], [0, 0, 0, 2], [7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0], [0xfe, 0, 0, 2, 0], [5, 0, 0, 3, 0xfe, 0, 0, 2, 0], [0xff, 0x15, 4, .. "#28000Access denied"u8], [1, 0, 0, 2, 3], [2, 0, 0, 2, 1, 4], [0xfb], [0xfc, 0xff, 0xff], [0xfd, 0xff, 0xff, 0xff], .. Target.Words("mysql_native_password\0", "caching_sha2_password\0", "mysql_clear_password\0")],
            Asked = _ => 4 * Wire.Longest,
        },
        new("postgres", Postgres, Room + "Databases/PostgresSession.cs")
        {
            Tokens = [[(byte)'N'], [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0], [(byte)'R', 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4], [(byte)'R', 0, 0, 0, 23, 0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8], [(byte)'Z', 0, 0, 0, 5, (byte)'I'], [(byte)'D', 0, 0, 0, 11, 0, 1, 0, 0, 0, 1, (byte)'7'], [(byte)'E', 0, 0, 0, 12, .. "C28000\0\0"u8], [0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 0, 0, 3]],
            Asked = _ => 4 * Wire.Longest,
        },
        new("scram", Challenge, Room + "Databases/Scram.cs") { Tokens = Target.Words($"r={Nonce}", "r=", ",s=", "QSXCR+Q6sek8bf92", ",i=4096", ",i=", "=", ",", "v=", "i=0004096"), Short = 2_000 },
        new("proc-stat", Stat, Room + "Measures/ProcessTable.cs") { Tokens = Target.Words("(", ")", ") S ", " 1 ", "((", "))", "\n", "-1", "99999999999") },
        new("mounts", Mounts, Room + "Measures/MountTable.cs") { Tokens = Target.Words(" - ", "-", "\\040", "\\777", "\\08", "\n", " ", "ext4", "overlay", "36 35 98:0 / / rw - ext4 /dev/sda1 rw", "nodev\ttmpfs"), Short = 2_000, Constant = 128 * 1024 },
        new("logins", Utmp, Room + "Measures/Logins.cs")
        {
            Tokens = [[7, 0], [8, 0, 0, 0], [0x7f, 0, 0, 1], .. Target.Words("CLASS=user\n", "STATE=closing\n", "USER=", "TTY=pts/0\n", "REALTIME=", "REMOTE_HOST=", "=", "\n", "root\0", "pts/0\0")],
            Constant = 128 * 1024,
            Short = 2_000,
        },
        new("meminfo", Memory, Room + "Measures/SwapMeasure.cs", Room + "Measures/LoadMeasure.cs")
        {
            Tokens = Target.Words("SwapTotal:", "SwapFree:", " kB\n", "0.00 0.01 0.05 1/99 4711\n", "NaN", "Infinity", "-1", "99999999999999999999", "cpu0 \n", "\n", " "),
            Constant = 128 * 1024,
            Short = 2_000,
        },
    ];

    private static void Config(ReadOnlyMemory<byte> input)
    {
        var (plan, problems) = ConfigReader.Read(input, "/etc/hinoban-agent");
        Hold.That(plan is null == problems.Count > 0, "neither a plan nor a problem");
    }

    private static void MySql(ReadOnlyMemory<byte> input)
    {
        try
        {
            _ = MySqlGreeting.Read(input.Span);
        }
        catch (DatabaseRefusal)
        {
            // What is no greeting ends so.
        }

        Talk(new MySqlSession(new ReadStream(input, 9)));
    }

    private static void Postgres(ReadOnlyMemory<byte> input) => Talk(new PostgresSession(new ReadStream(input, 9)));

    private static void Talk(IDatabaseSession session)
    {
        try
        {
            session.LoginAsync(Login, CancellationToken.None).GetAwaiter().GetResult();
            Hold.That(session.AskAsync("select 1", CancellationToken.None).GetAwaiter().GetResult() is not null, "no answer");
            session.LeaveAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception end) when (end is DatabaseRefusal or IOException or AuthenticationException or SocketException)
        {
            // What is not the database's protocol ends so.
        }
        finally
        {
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    // A challenge of many rounds takes long because it is meant to; how many are taken has its own test.
    private static void Challenge(ReadOnlyMemory<byte> input)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        if (text.Split(',').Any(f => f.StartsWith("i=", StringComparison.Ordinal) && f.Length > 6))
        {
            return;
        }

        var scram = new Scram("secret", Nonce);
        try
        {
            var answer = scram.Answer(text);
            Hold.That(answer.StartsWith($"c=biws,r={Nonce}", StringComparison.Ordinal), "an answer to something else");
        }
        catch (DatabaseRefusal)
        {
            // What is no challenge ends so.
        }

        try
        {
            scram.Verify(text);
            Hold.That(false, "a proof that proves nothing is taken");
        }
        catch (DatabaseRefusal)
        {
            // And what is no proof.
        }
    }

    private static void Stat(ReadOnlyMemory<byte> input)
    {
        if (ProcessTable.Parse(7, input.Span) is { } line)
        {
            Hold.That(line.Id == 7 && line.Parent >= 0 && line.Name.Length <= input.Length, "a process that is none");
        }
    }

    private static void Mounts(ReadOnlyMemory<byte> input)
    {
        MadeFiles.Write(Mountinfo, input.Span);
        MadeFiles.Write(Filesystems, "nodev\ttmpfs\n\text4\n\txfs\n"u8);
        var all = MountTable.All(Made);
        Hold.That(all.Count <= input.Span.Count((byte)'\n') + 1, "more mounts than lines");
        Hold.That(MountTable.Real(all, Made).Count <= all.Count && all.All(m => m.Kind.Length <= input.Length), "more real ones than there are");
    }

    private static void Utmp(ReadOnlyMemory<byte> input)
    {
        Hold.That(Logins.FromUtmp(input.Span, _ => true).Count <= input.Length / 384, "more logins than records");
        MadeFiles.Write(Session, input.Span);
        Hold.That(Logins.Now(Made).Count <= 1, "more logins than sessions");
    }

    private static void Memory(ReadOnlyMemory<byte> input)
    {
        MadeFiles.Write(Meminfo, input.Span);
        MadeFiles.Write(Loadavg, input.Span);
        MadeFiles.Write(ProcStat, input.Span);
        Hold.That(SwapMeasure.Take(new SwapPlan(default), Made).Output.StartsWith("SWAP ", StringComparison.Ordinal), "no answer about swap");
        Hold.That(LoadMeasure.Take(new LoadPlan(true, [default, default, default]), Made).Output.StartsWith("LOAD ", StringComparison.Ordinal), "no answer about load");
    }
}
