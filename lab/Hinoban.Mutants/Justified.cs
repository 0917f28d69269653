namespace Hinoban.Mutants;

/// <summary>Mutants that no test need kill, each with its reason: lines <c>FILE MEMBER: OPERATOR: BEFORE -> AFTER</c> below a line that begins with <c>#</c> and says why.</summary>
internal sealed class Justified
{
    private readonly HashSet<string> keys = [];

    internal static Justified Read(string file)
    {
        var list = new Justified();
        var why = false;
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            if (line.StartsWith('#'))
            {
                why = true;
            }
            else if (line.Trim().Length == 0)
            {
                why = false;
            }
            else if (!why)
            {
                throw new InvalidDataException($"{file}: no reason above: {line}");
            }
            else
            {
                list.keys.Add(line.Trim());
            }
        }

        return list;
    }

    internal bool Contains(Mutant mutant) => keys.Contains(mutant.Key);

    /// <summary>Lines about the files that were asked for which name nothing alive any more.</summary>
    internal IEnumerable<string> Stale(IEnumerable<Mutant> living, Func<string, bool> asked) => keys.Where(k => asked(k[..k.IndexOf(' ')])).Except(living.Select(m => m.Key));
}
