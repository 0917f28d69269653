namespace Hinoban.Specs;

/// <summary>What is needed exists and is watched, is not what needs it, and leads nowhere in a circle.</summary>
internal static class DependsRules
{
    internal static void Check(SpecProblems problems, HostShelf shelf)
    {
        var needs = new OrderedDictionary<string, IReadOnlyList<string>>();
        var places = new Dictionary<string, SpecPiece>();
        var known = shelf.Hosts.SelectMany(h => h.All.Select(c => TitleOf(h, c))).ToHashSet();
        foreach (var (host, check, depends) in shelf.Hosts.SelectMany(h => h.Services.Where(c => c.DependsOn is not null).Select(c => (h, c, c.DependsOn!))))
        {
            needs[TitleOf(host, check)] = [.. Known(problems, host, check, known, shelf)];
            places[TitleOf(host, check)] = depends.Node;
        }

        foreach (var circle in Circles.Of(needs))
        {
            problems.Wrong(places[circle[0]].At, DependsText.Circle(Circles.Shows(circle)), DependsText.CircleRight);
        }
    }

    private static string TitleOf(HostSpec host, CheckSpec check) => check.Key.Length == 0 ? host.Key : $"{host.Key}/{check.Key}";

    private static IEnumerable<string> Known(SpecProblems problems, HostSpec host, CheckSpec check, HashSet<string> known, HostShelf shelf)
    {
        foreach (var name in check.DependsOn!.Names)
        {
            if (name.Text == TitleOf(host, check))
            {
                problems.Wrong(name.At, DependsText.Itself(name.Text), DependsText.Right);
            }
            else if (name.Text == host.Key)
            {
                problems.Wrong(name.At, DependsText.OwnHost(name.Text), DependsText.OwnHostRight);
            }
            else if (shelf.Wrong.Contains(name.Text))
            {
                // What is wrong with it is said where it stands.
            }
            else if (shelf.Unwatched.Contains(name.Text))
            {
                problems.NotInForce(name.At, DependsText.On(name.Text), CheckText.NotLookedAt);
            }
            else if (!known.Contains(name.Text))
            {
                problems.Unknown(name.At, shelf.Keys.Contains(name.Text) ? DependsText.Unwatched(name.Text) : DependsText.Nothing(name.Text), name.Text, known);
            }
            else
            {
                yield return name.Text;
            }
        }
    }
}
