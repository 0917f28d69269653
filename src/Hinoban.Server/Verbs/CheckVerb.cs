using System.CommandLine;
using System.Text;
using Hinoban.Checks.DropIn;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban check KIND …</c>: a built-in check as a Nagios plugin, with the options of the well-known plugin of that kind.</summary>
internal static class CheckVerb
{
    internal const string Word = "check";

    /// <summary>For the help pages only: what follows the kind is read by <see cref="Run"/>, for plugins' options are not this program's.</summary>
    internal static Command Command(Surroundings around)
    {
        var kind = new Argument<string>("KIND") { Description = CliText.CheckKind(string.Join(", ", DropIns.Kinds)).In(around.Language) };
        return new Command(Word, CliText.Check.In(around.Language)) { kind };
    }

    /// <summary>True where the words are a plugin's command line.</summary>
    internal static bool Is(string[] args) => args is [Word, not ("-h" or "--help" or "-?" or "/?"), ..];

    internal static int Run(string[] args, Stream output, TimeProvider clock)
    {
        var verdict = DropIns.Run(args[1], args[2..], clock);
        output.Write(Encoding.UTF8.GetBytes(verdict.Text + "\n"));
        return (int)verdict.Status;
    }
}
