using System.Collections;
using Hinoban.Basics;

namespace Hinoban.Server;

/// <summary>What the command line sees of the world: variables, the current folder, where it prints, the clock.</summary>
internal sealed record Surroundings(
    IReadOnlyDictionary<string, string> Variables, string Folder, TextReader In, TextWriter Out, TextWriter Error, TimeProvider Clock)
{
    internal Moment Now => Moment.Of(Clock);

    /// <summary>The process's signals, where the verb takes them; null for other verbs and where somebody embeds a role.</summary>
    internal StopSignals? Signals { get; init; }

    /// <summary>The language of help and messages: <c>HINOBAN_LANGUAGE</c>, else the locale's.</summary>
    internal Language Language
    {
        get
        {
            string[] order = ["HINOBAN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
            var said = order.Select(v => Variables.GetValueOrDefault(v)).FirstOrDefault(v => !string.IsNullOrEmpty(v));
            return said is not null && said.StartsWith("ja", StringComparison.Ordinal) ? Language.Ja : Language.En;
        }
    }

    /// <summary>This process's own.</summary>
    internal static Surroundings OfProcess()
    {
        var variables = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return new Surroundings(
            variables, Directory.GetCurrentDirectory(), System.Console.In, System.Console.Out, System.Console.Error, TimeProvider.System);
    }

    internal void Say(Text text) => Out.WriteLine(text.In(Language));

    internal void Complain(Text text) => Error.WriteLine(text.In(Language));
}
