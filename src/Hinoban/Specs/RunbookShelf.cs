using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The runbooks of a customer by name, for checks that refer to them before their steps are read.</summary>
internal sealed class RunbookShelf(IEnumerable<string> keys)
{
    private readonly HashSet<string> keys = [.. keys];

    /// <summary>The runbook a check names, or null with the problem (or the note) reported.</summary>
    internal string? Named(SpecValues values, SpecPiece? node)
    {
        if (values.Word(node, SpecText.Key("runbook"), CheckText.RunbookName) is not { } name || name == "none")
        {
            return null;
        }

        if (keys.Contains(name))
        {
            return name;
        }

        if (name == RunbookLanguage.RebootRunbook)
        {
            values.Problems.NotInForce(node!.At, CheckText.BuiltInReboot, CheckText.WithoutRunbook);
        }
        else
        {
            values.Problems.Unknown(node!.At, CheckText.NoRunbook(name), name, keys);
        }

        return null;
    }
}
