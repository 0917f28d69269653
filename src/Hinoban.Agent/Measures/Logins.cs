using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Hinoban.Agent.Measures;

/// <summary>A login: who, on which terminal, from where (empty: at the machine itself), since when if that is known.</summary>
internal sealed record Login(string User, string Terminal, string From, DateTimeOffset? Since);

/// <summary>Who is logged in: from utmp where a system keeps one, else from systemd's sessions.</summary>
internal static class Logins
{
    // struct utmp of Linux, 64 bit: type 0, pid 4, line 8 (32), id 40 (4), user 44 (32), host 76 (256), exit 332, session 336, time 340, address 348 (16).
    private const int Record = 384;
    private const int UserProcess = 7;

    internal static IReadOnlyList<Login> Now(Roots roots) => File.Exists($"{roots.Run}/utmp")
        ? FromUtmp(File.ReadAllBytes($"{roots.Run}/utmp"), pid => Directory.Exists($"{roots.Proc}/{pid.ToString(CultureInfo.InvariantCulture)}"))
        : FromSessions($"{roots.Run}/systemd/sessions");

    internal static List<Login> FromUtmp(ReadOnlySpan<byte> utmp, Predicate<int> lives)
    {
        var logins = new List<Login>();
        for (; utmp.Length >= Record; utmp = utmp[Record..])
        {
            var pid = BinaryPrimitives.ReadInt32LittleEndian(utmp[4..]);

            // A session that crashed leaves its record behind.
            if (BinaryPrimitives.ReadInt16LittleEndian(utmp) == UserProcess && utmp[44] != 0 && lives(pid))
            {
                var since = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(utmp[340..]));
                logins.Add(new Login(Field(utmp.Slice(44, 32)), Field(utmp.Slice(8, 32)), From(utmp), since));
            }
        }

        return logins;
    }

    private static string From(ReadOnlySpan<byte> record)
    {
        var host = Field(record.Slice(76, 256));
        if (host.Length > 0 || record.Slice(348, 16).IndexOfAnyExcept((byte)0) < 0)
        {
            return host;
        }

        var six = record.Slice(352, 12).IndexOfAnyExcept((byte)0) >= 0;
        return new IPAddress(record.Slice(348, six ? 16 : 4)).ToString();
    }

    private static List<Login> FromSessions(string folder)
    {
        var logins = new List<Login>();
        if (!Directory.Exists(folder))
        {
            return logins;
        }

        foreach (var file in Directory.EnumerateFiles(folder).Where(f => !f.EndsWith(".ref", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (Session(file) is { } login)
            {
                logins.Add(login);
            }
        }

        return logins;
    }

    private static Login? Session(string file)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (line.IndexOf('=') is > 0 and var at)
                {
                    values[line[..at]] = line[(at + 1)..];
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // logged out meanwhile
        }

        // Class: a user's of whichever weight, not greeter, background or manager; state: not closing.
        var logged = values.GetValueOrDefault("CLASS") is "user" or "user-early" or "user-light" or "user-early-light" && values.GetValueOrDefault("STATE") != "closing";
        var since = long.TryParse(values.GetValueOrDefault("REALTIME"), NumberStyles.None, CultureInfo.InvariantCulture, out var micro) && micro < 253402300799_000000
            ? DateTimeOffset.FromUnixTimeMilliseconds(micro / 1000)
            : (DateTimeOffset?)null;
        return logged ? new Login(values.GetValueOrDefault("USER", "?"), values.GetValueOrDefault("TTY", ""), values.GetValueOrDefault("REMOTE_HOST", ""), since) : null;
    }

    private static string Field(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
