namespace Hinoban.Specs;

/// <summary>What a host says of its parents.</summary>
internal sealed record WrittenParents(string Host, SpecPiece Node, IReadOnlyList<string> Names);

/// <summary>Parents exist, are not the host itself, and lead nowhere in a circle.</summary>
internal static class ParentRules
{
    internal static void Check(SpecProblems problems, IReadOnlyList<WrittenParents> parents, IReadOnlySet<string> hosts)
    {
        var needs = new OrderedDictionary<string, IReadOnlyList<string>>();
        var places = new Dictionary<string, SpecPiece>();
        foreach (var one in parents)
        {
            needs[one.Host] = [.. one.Names.Where(n => n != one.Host)];
            places[one.Host] = one.Node;
            foreach (var item in one.Node is SpecList list ? list.Items : [one.Node])
            {
                Known(problems, one.Host, item, hosts);
            }
        }

        foreach (var circle in Circles.Of(needs))
        {
            problems.Wrong(places[circle[0]].At, CustomerText.Circle(Circles.Shows(circle)), CustomerText.NearerSites);
        }
    }

    private static void Known(SpecProblems problems, string host, SpecPiece item, IReadOnlySet<string> hosts)
    {
        if (item is not SpecScalar { IsNull: false } name)
        {
            return;
        }

        if (name.Text == host)
        {
            problems.Wrong(item.At, CustomerText.OwnParent(host), CustomerText.DeviceBefore);
        }
        else if (!hosts.Contains(name.Text))
        {
            problems.Unknown(item.At, CustomerText.NoSuchHost(name.Text), name.Text, hosts);
        }
    }
}
