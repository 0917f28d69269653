using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Hinoban.Basics;

namespace Hinoban.Server;

/// <summary>The page of <c>--help</c> with its headings in the reader's language: the library's own Japanese is half English.</summary>
internal sealed class HelpPage(Language language) : SynchronousCommandLineAction
{
    private readonly HelpAction page = new();

    // Help is asked for; what is missing or wrong beside it does not matter.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var invocation = parseResult.InvocationConfiguration;
        var output = invocation.Output;
        var written = new StringWriter();
        invocation.Output = written;
        try
        {
            page.Invoke(parseResult);
        }
        finally
        {
            invocation.Output = output;
        }

        output.Write(CliText.HelpHeadings.Aggregate(written.ToString(), (text, word) => text.Replace(word.En, word.In(language), StringComparison.Ordinal)));
        return ExitCode.Ok;
    }
}
