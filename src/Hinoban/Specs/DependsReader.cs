namespace Hinoban.Specs;

/// <summary>Reads <c>depends_on: [db01/mysql]</c>, <c>{ any: [a, b] }</c> or <c>{ all: [a, b] }</c>. A plain list: all of them.</summary>
internal static class DependsReader
{
    internal const string Key = "depends_on";

    private static readonly ClauseKeys Keys = new(SpecText.Key(Key), ["any", "all"], []);

    internal static WrittenDepends? Read(SpecProblems problems, SpecValues values, SpecPiece? node)
    {
        var needed = ParentsNeeded.All;
        if (node is SpecMap map)
        {
            Clause.Open(problems, map, map.At, Keys);
            if ((map.Find("any"), map.Find("all")) is not ((null, { }) or ({ }, null)))
            {
                problems.Wrong(map.At, DependsText.Either, DependsText.Right);
                return null;
            }

            needed = map.Find("any") is null ? ParentsNeeded.All : ParentsNeeded.Any;
            node = map.Find("any") ?? map.Find("all");
        }

        if (node is null)
        {
            return null;
        }

        var names = values.Many(node).Where(n => values.Word(n, SpecText.Key(Key), DependsText.Right) is not null).OfType<SpecScalar>().ToList();
        return names.Count == 0 ? null : new WrittenDepends(node, needed, names);
    }
}
