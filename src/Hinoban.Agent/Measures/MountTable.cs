using System.Globalization;
using System.Text;

namespace Hinoban.Agent.Measures;

/// <summary>A mount as /proc/self/mountinfo tells.</summary>
internal sealed record Mount(string Device, string Root, string Point, string Kind, string Source)
{
    private static readonly string[] Local =
    [
        "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "bcachefs", "f2fs", "jfs", "nilfs2", "reiserfs", "vfat", "msdos", "exfat", "ntfs3", "hfsplus",
        "overlay", "tmpfs", "devtmpfs", "ramfs", "squashfs", "erofs", "iso9660", "udf",
    ];

    /// <summary>Asked over a network or of a program, which may never answer: whatever is not known to lie on this machine.</summary>
    internal bool Remote => Array.IndexOf(Local, Kind) < 0;
}

/// <summary>The mounts of this machine, and which of them hold data of their own.</summary>
internal static class MountTable
{
    private static readonly string[] RealWithoutDevice = ["zfs", "nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "btrfs", "bcachefs"];

    internal static IReadOnlyList<Mount> All(Roots roots) => [.. Kernel.Text($"{roots.Proc}/self/mountinfo").Split('\n').Select(Parse).OfType<Mount>()];

    /// <summary>
    /// Those on disks and network shares, each file system once (a bind mount shows the same one again). Read-only images (squashfs,
    /// CD-ROMs) are always full and left out; a container's own root counts.
    /// </summary>
    internal static IReadOnlyList<Mount> Real(IReadOnlyList<Mount> all, Roots roots)
    {
        var real = Disks(roots);
        return [.. all.Where(m => real.Contains(m.Kind) || m is { Kind: "overlay", Point: "/" })
            .GroupBy(m => m.Point).Select(g => g.Last()) // what was mounted over it is hidden
            .GroupBy(m => m.Device).Select(g => g.OrderBy(m => m.Root.Length).ThenBy(m => m.Point.Length).First())];
    }

    private static HashSet<string> Disks(Roots roots)
    {
        var kinds = RealWithoutDevice.ToHashSet(StringComparer.Ordinal);
        foreach (var line in Kernel.Text($"{roots.Proc}/filesystems").Split('\n'))
        {
            if (line.StartsWith('\t'))
            {
                kinds.Add(line.Trim());
            }
        }

        kinds.ExceptWith(["squashfs", "iso9660", "udf", "erofs", "cramfs"]);
        return kinds;
    }

    // 36 35 98:0 /root /point options [tags …] - kind source super-options
    private static Mount? Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        return dash >= 6 && fields.Length > dash + 2 ? new Mount(fields[2], Plain(fields[3]), Plain(fields[4]), fields[dash + 1], Plain(fields[dash + 2])) : null;
    }

    /// <summary>The kernel writes blanks, tabs, line ends and backslashes in octal.</summary>
    private static string Plain(string field)
    {
        if (!field.Contains('\\'))
        {
            return field;
        }

        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)Octal(field.AsSpan(i + 1, 3)));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }

    private static int Octal(ReadOnlySpan<char> digits) => ((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + int.Parse(digits[2..], CultureInfo.InvariantCulture);
}
