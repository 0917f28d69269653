namespace Hinoban.Specs.Nagios;

/// <summary>Groups of one kind with their members: named in the group, by the members themselves, and by groups within groups; <c>!</c> wins over all three.</summary>
internal sealed class NagiosGroups
{
    private readonly OrderedDictionary<string, Group> groups = [];
    private readonly NagiosProblems problems;

    internal NagiosGroups(IEnumerable<NagiosObject> objects, string nameKey, string groupsKey, NagiosProblems problems)
    {
        this.problems = problems;
        foreach (var one in objects)
        {
            if (one.Find(nameKey) is not { Length: > 0 } name)
            {
                problems.Wrong(one.At, NagiosText.Lacks(one.Type, nameKey), NagiosText.LacksRight);
            }
            else if (!groups.TryAdd(name, new Group(one, one.Names(groupsKey), one.PlaceOf(groupsKey))))
            {
                problems.Wrong(one.At, NagiosText.Twice(one.Type, name, groups[name].Source.At), NagiosText.OneName);
            }
            else
            {
                Known.Add(name);
            }
        }
    }

    internal NagiosNamesKnown Known { get; } = new();

    internal IReadOnlyList<string> Members(string group) => groups.TryGetValue(group, out var found) ? found.Members : [];

    internal IEnumerable<(NagiosObject Source, string Name)> All => groups.Select(g => (g.Value.Source, g.Key));

    /// <summary>Members as the group itself names them; <paramref name="refused"/> can come in by no other way.</summary>
    internal void Name(string group, IEnumerable<string> members, IEnumerable<string> refused)
    {
        groups[group].Refused.UnionWith(refused);
        foreach (var member in members)
        {
            groups[group].Add(member);
        }
    }

    /// <summary>A member that names its groups.</summary>
    internal void Join(string member, NagiosPicked names)
    {
        foreach (var group in names.Wanted.Where(g => !names.Refused.Contains(g)))
        {
            groups[group].Add(member);
        }
    }

    /// <summary>Takes in the members of groups within groups.</summary>
    internal void Close()
    {
        foreach (var (name, group) in groups)
        {
            Close(name, group, 0);
        }
    }

    private void Close(string name, Group group, int depth)
    {
        if (group.State == Progress.Done)
        {
            return;
        }

        group.State = Progress.Open;
        foreach (var part in group.Parts)
        {
            if (!groups.TryGetValue(part, out var inner))
            {
                problems.Wrong(group.PartsAt, NagiosText.NoSuch(group.Source.Type, part), problems.Near(part, groups.Keys, NagiosText.DefineIt));
            }
            else if (inner.State == Progress.Open || depth > 64)
            {
                problems.Wrong(group.PartsAt, NagiosText.GroupLoop(name, part), NagiosText.GroupLoopRight);
            }
            else
            {
                Close(part, inner, depth + 1);
                foreach (var member in inner.Members)
                {
                    group.Add(member);
                }
            }
        }

        group.State = Progress.Done;
    }

    private enum Progress
    {
        New,
        Open,
        Done,
    }

    private sealed class Group(NagiosObject source, IReadOnlyList<string> parts, SpecPlace partsAt)
    {
        private readonly List<string> members = [];
        private readonly HashSet<string> set = [];

        internal NagiosObject Source => source;

        internal IReadOnlyList<string> Parts => parts;

        internal SpecPlace PartsAt => partsAt;

        internal HashSet<string> Refused { get; } = [];

        internal IReadOnlyList<string> Members => members;

        internal Progress State { get; set; }

        internal void Add(string member)
        {
            if (!Refused.Contains(member) && set.Add(member))
            {
                members.Add(member);
            }
        }
    }
}
