using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads the small parts of hosts and checks: site lists, former names, the SSH log-in.</summary>
internal static class HostParts
{
    /// <summary>A list of sites within <paramref name="among"/>; null where the key is absent or wrong.</summary>
    internal static IReadOnlyList<SiteName>? Sites(SpecValues values, SpecPiece? node, IReadOnlyList<SiteName> among, string owner)
    {
        if (node is null)
        {
            return null;
        }

        var sites = new List<SiteName>();
        foreach (var item in values.Many(node))
        {
            if (values.Id(item, "a site name") is { } name && Site(values, item, name, among, owner, sites))
            {
                sites.Add(new SiteName(name));
            }
        }

        if (node is SpecList { Items.Count: 0 })
        {
            values.Problems.Wrong(node.At, "`sites` is an empty list", "name at least one site, or leave the key out");
        }

        return sites.Count == 0 ? null : sites;
    }

    internal static IReadOnlyList<string> Was(SpecValues values, SpecPiece? node, string what) =>
        [.. values.Many(node).Select(n => values.Key(n, what)).OfType<string>()];

    internal static SshPlan? Ssh(SpecProblems problems, SpecPiece? node, SpecPlace at)
    {
        if (Clause.Open(problems, node, at, SpecLanguage.Ssh) is not { } ssh)
        {
            return null;
        }

        var user = ssh.Values.Where(ssh.Must("user", "hinoban"), "a user name", AddressRules.IsUser, "letters, digits, `_`, `-` and `.`, a letter first");
        var port = ssh.Whole("port", 1, 65535) ?? SpecDefaults.SshPort;
        var keys = ssh.Values.Many(ssh.Must("host_keys", "[\"ssh-ed25519 AAAA…\"]"))
            .Select(k => ssh.Values.Where(k, "an SSH host key", AddressRules.IsHostKey, "copy the first two words of /etc/ssh/ssh_host_ed25519_key.pub, `ssh-ed25519 AAAA…`"))
            .OfType<string>().Select(WithoutComment).ToList();
        if (ssh.Find("host_keys") is SpecList { Items.Count: 0 } none)
        {
            problems.Wrong(none.At, "`host_keys` is an empty list", "pin at least one, or anybody on the way can pose as the host");
        }

        return user is null || keys.Count == 0 ? null : new SshPlan(user, port, keys);
    }

    private static string WithoutComment(string key) => string.Join(' ', key.Split(' ').Take(2));

    private static bool Site(SpecValues values, SpecPiece item, string name, IReadOnlyList<SiteName> among, string owner, List<SiteName> sites)
    {
        if (sites.Contains(new SiteName(name)))
        {
            values.Problems.Wrong(item.At, $"site {Shown.As(name)} is here twice", "name each site once");
            return false;
        }

        if (among.Count > 0 && !among.Contains(new SiteName(name)))
        {
            values.Problems.Unknown(item.At, $"{Shown.As(name)} is not one of {owner}", name, [.. among.Select(s => s.Value)]);
            return false;
        }

        return true;
    }
}
