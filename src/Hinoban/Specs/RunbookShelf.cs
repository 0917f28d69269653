namespace Hinoban.Specs;

/// <summary>The runbooks of a customer by name, for checks that refer to them before their steps are read.</summary>
internal sealed class RunbookShelf(IEnumerable<string> keys)
{
    private readonly HashSet<string> keys = [.. keys];

    /// <summary>The runbook a check names, or null with the problem (or the note) reported.</summary>
    internal string? Named(SpecValues values, SpecPiece? node)
    {
        if (values.Word(node, "`runbook`", "the name of a runbook, or leave the key out") is not { } name || name == "none")
        {
            return null;
        }

        if (keys.Contains(name))
        {
            return name;
        }

        if (name == RunbookLanguage.RebootRunbook)
        {
            values.Problems.NotInForce(node!.At, "the built-in runbook `reboot`", "the check runs without a runbook");
        }
        else
        {
            values.Problems.Unknown(node!.At, $"there is no runbook {Shown.As(name)}", name, keys);
        }

        return null;
    }
}
