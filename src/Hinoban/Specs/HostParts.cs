using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads the small parts of hosts and checks: site lists, former names, the SSH log-in.</summary>
internal static class HostParts
{
    /// <summary>A list of sites within <paramref name="among"/>; null where the key is absent or wrong.</summary>
    internal static IReadOnlyList<SiteName>? Sites(SpecValues values, SpecPiece? node, IReadOnlyList<SiteName> among, Text owner)
    {
        if (node is null)
        {
            return null;
        }

        var sites = new List<SiteName>();
        foreach (var item in values.Many(node))
        {
            if (values.Id(item, CustomerText.SiteName) is { } name && Site(values, item, name, among, owner, sites))
            {
                sites.Add(new SiteName(name));
            }
        }

        if (node is SpecList { Items.Count: 0 })
        {
            values.Problems.Wrong(node.At, SpecText.Is(SpecText.Key("sites"), SpecText.EmptyList), CustomerText.NameASite);
        }

        return sites.Count == 0 ? null : sites;
    }

    internal static IReadOnlyList<string> Was(SpecValues values, SpecPiece? node, Text what) =>
        [.. values.Many(node).Select(n => values.Key(n, what)).OfType<string>()];

    internal static SshPlan? Ssh(SpecProblems problems, SpecPiece? node, SpecPlace at)
    {
        if (Clause.Open(problems, node, at, SpecLanguage.Ssh) is not { } ssh)
        {
            return null;
        }

        var user = ssh.Values.Where(ssh.Must("user", "hinoban"), CustomerText.User, AddressRules.IsUser, CustomerText.UserRight);
        var port = ssh.Whole("port", 1, 65535) ?? SpecDefaults.SshPort;
        var keys = ssh.Values.Many(ssh.Must("host_keys", "[\"ssh-ed25519 AAAA…\"]"))
            .Select(k => ssh.Values.Where(k, CustomerText.HostKey, AddressRules.IsHostKey, CustomerText.HostKeyRight))
            .OfType<string>().Select(WithoutComment).ToList();
        if (ssh.Find("host_keys") is SpecList { Items.Count: 0 } none)
        {
            problems.Wrong(none.At, SpecText.Is(SpecText.Key("host_keys"), SpecText.EmptyList), CustomerText.PinOne);
        }

        return user is null || keys.Count == 0 ? null : new SshPlan(user, port, keys);
    }

    private static string WithoutComment(string key) => string.Join(' ', key.Split(' ').Take(2));

    private static bool Site(SpecValues values, SpecPiece item, string name, IReadOnlyList<SiteName> among, Text owner, List<SiteName> sites)
    {
        if (sites.Contains(new SiteName(name)))
        {
            values.Problems.Wrong(item.At, CustomerText.SiteTwice(name), CustomerText.EachSiteOnce);
            return false;
        }

        if (among.Count > 0 && !among.Contains(new SiteName(name)))
        {
            values.Problems.Unknown(item.At, CustomerText.NotOneOf(name, owner), name, [.. among.Select(s => s.Value)]);
            return false;
        }

        return true;
    }
}
