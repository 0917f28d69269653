using System.CommandLine;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Server.Verbs;

/// <summary>
/// <c>hinoban nagios feed</c>: lines as NSCA's client takes them, from a running Nagios, become batches of posted results. It reads to the end of
/// its input, at once or for months.
/// </summary>
internal static class NagiosFeedVerb
{
    internal const string TokenVariable = "HINOBAN_TOKEN";

    /// <summary>With outputs of a usual length far below what the desk takes in one request (256 KiB).</summary>
    private const int MostOfBatch = 500;

    private const int MostCharacters = 50_000;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    internal static Command Command(Surroundings around)
    {
        var language = around.Language;
        var desk = CommandTree.Flag("--desk", NagiosVerbText.FeedDesk, language, "URL");
        var customer = CommandTree.Flag("--customer", NagiosVerbText.FeedCustomer, language, "ID");
        var token = CommandTree.Flag("--token-file", NagiosVerbText.TokenFile, language, "FILE", required: false);
        var pin = CommandTree.Flag("--fingerprint", NagiosVerbText.Fingerprint, language, "HEX", required: false);
        var patience = CommandTree.Flag("--retry-for", NagiosVerbText.RetryFor, language, "DURATION", required: false);
        var command = new Command("feed", NagiosVerbText.Feed.In(language)) { desk, customer, token, pin, patience };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(desk)!, parsed.GetValue(customer)!, parsed.GetValue(token), parsed.GetValue(pin), parsed.GetValue(patience) ?? "1m", around));
        return command;
    }

    private static async Task<int> RunAsync(string desk, string customer, string? tokenFile, string? pin, string patience, Surroundings around)
    {
        var wait = SpecWords.Duration(patience);
        var fingerprint = pin is null ? null : SiteKeyFile.NormalFingerprint(pin);
        var isUrl = Uri.TryCreate(desk.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (!isUrl || !SpecWords.IsId(customer) || wait is null || (pin is not null && fingerprint is null))
        {
            around.Complain(!isUrl ? NagiosVerbText.NoUrl(desk) : !SpecWords.IsId(customer) ? NagiosVerbText.CustomerWrong(customer) : wait is null ? SpecText.DurationRight : SiteKeyText.FingerprintWrong);
            return ExitCode.Usage;
        }

        var (token, wrong) = Token(tokenFile, around);
        if (token is null)
        {
            around.Complain(wrong!);
            return ExitCode.Configuration;
        }

        using var post = new FeedPost(url!, customer, token, fingerprint, wait.Value, around);
        return await FeedAsync(post, around);
    }

    private static async Task<int> FeedAsync(FeedPost post, Surroundings around)
    {
        // While the desk is away lines wait here and then in the pipe, whose writer Nagios ends by its own time-out.
        var lines = Channel.CreateBounded<string>(5000);
        var reading = Task.Run(() => ReadAsync(around.In, lines.Writer));
        var (taken, refused) = (0L, 0L);
        var last = DateTimeOffset.MinValue;
        while (await lines.Reader.WaitToReadAsync())
        {
            var batch = new List<FedResult>();
            var characters = 0;
            foreach (var line in await GatherAsync(lines.Reader, around.Clock))
            {
                // Each has a time of its own, so that two of one item in a batch keep their order.
                var now = around.Clock.GetUtcNow();
                last = now > last ? now : last.AddMicroseconds(1);
                var (result, wrong) = FedResult.Read(line, last);
                if (result is null)
                {
                    refused++;
                    around.Complain(NagiosVerbText.WrongLine(line, wrong!));
                    continue;
                }

                batch.Add(result);
                characters += result.Output.Length;
                if (characters > MostCharacters && await Posted() is { } early)
                {
                    return early;
                }
            }

            if (await Posted() is { } exit)
            {
                return exit;
            }

            async Task<int?> Posted()
            {
                if (batch.Count == 0)
                {
                    return null;
                }

                var outcome = await post.PostAsync(batch);
                (taken, refused) = (taken + outcome.Taken, refused + outcome.Refused);
                batch.Clear();
                characters = 0;
                if (outcome.Ends is { } ends)
                {
                    around.Complain(ends);
                }

                return outcome.Ends is null ? null : ExitCode.Failed;
            }
        }

        await reading;
        around.Say(NagiosVerbText.Fed(taken, refused));
        return refused > 0 ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async Task ReadAsync(TextReader from, ChannelWriter<string> to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            // NSCA's client takes blocks that end in ETB as well.
            foreach (var part in line.Split('\u0017').Where(p => !string.IsNullOrWhiteSpace(p)))
            {
                await to.WriteAsync(part);
            }
        }

        to.Complete();
    }

    /// <summary>What is there, and what comes within a second: a burst of results is one request.</summary>
    private static async Task<IReadOnlyList<string>> GatherAsync(ChannelReader<string> from, TimeProvider clock)
    {
        var lines = new List<string>();
        using var over = new CancellationTokenSource(Linger, clock);
        try
        {
            while (lines.Count < MostOfBatch && await from.WaitToReadAsync(over.Token))
            {
                while (lines.Count < MostOfBatch && from.TryRead(out var line))
                {
                    lines.Add(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The second is over.
        }

        return lines;
    }

    private static (Redacted? Token, Text? Wrong) Token(string? file, Surroundings around)
    {
        if (file is null)
        {
            return around.Variables.GetValueOrDefault(TokenVariable) is { Length: > 0 } said ? (new Redacted(said.Trim()), null) : (null, NagiosVerbText.NoToken);
        }

        try
        {
            var path = Path.GetFullPath(file, around.Folder);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                return (null, NagiosVerbText.TokenOpen(path));
            }

            return File.ReadAllText(path).Trim() is { Length: > 0 and < 500 } token && !token.Any(char.IsWhiteSpace) ? (new Redacted(token), null) : (null, NagiosVerbText.TokenEmpty(path));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return (null, NagiosVerbText.TokenUnreadable(refused.Message));
        }
    }
}
