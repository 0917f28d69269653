using System.Globalization;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs.Nagios;

namespace Hinoban.Server.Verbs;

/// <summary>A result on its way to the desk, as the API takes it.</summary>
internal sealed record FedResult(string Item, string Time, int State, string Output)
{
    /// <summary>What NSCA's client takes: host, service, code and output between tabs. Names are Nagios', keys are what the import makes of them.</summary>
    internal static (FedResult? Result, Text? Wrong) Read(string line, DateTimeOffset atUtc)
    {
        var parts = line.TrimEnd('\r').Split('\t', 4);
        if (parts.Length == 3)
        {
            return (null, NagiosVerbText.HostResult);
        }

        if (parts.Length < 4 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            return (null, NagiosVerbText.NotFourParts);
        }

        if (parts[2] is not ("0" or "1" or "2" or "3"))
        {
            return (null, NagiosVerbText.NotACode(parts[2]));
        }

        var output = parts[3].Replace("\\n", "\n", StringComparison.Ordinal);
        output = output.Length > PostedReader.LongestOutput ? output[..PostedReader.LongestOutput] : output;
        return (
            new FedResult(
                NagiosKeys.Fed(parts[0], parts[1]),
                atUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                parts[2][0] - '0',
                output.TrimEnd('|', '\n', ' ')),
            null);
    }
}
