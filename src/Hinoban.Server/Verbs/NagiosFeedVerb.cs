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

    /// <summary>A line of the input, and when it was read.</summary>
    private readonly record struct FedLine(string Words, DateTimeOffset AtUtc);

    private static async Task<int> RunAsync(string desk, string customer, string? tokenFile, string? pin, string patience, Surroundings around)
    {
        var wait = SpecWords.Duration(patience);
        var fingerprint = pin is null ? null : SiteKeyFile.NormalFingerprint(pin);
        var isUrl = Uri.TryCreate(desk.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (!isUrl || !SpecWords.IsId(customer) || wait is null || (pin is not null && (fingerprint is null || url!.Scheme != Uri.UriSchemeHttps)))
        {
            around.Complain(!isUrl ? NagiosVerbText.NoUrl(desk) : !SpecWords.IsId(customer) ? NagiosVerbText.CustomerWrong(customer) : wait is null ? SpecText.DurationRight
                : fingerprint is null ? SiteKeyText.FingerprintWrong : NagiosVerbText.PinWithoutTls);
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
        var lines = Channel.CreateBounded<FedLine>(5000);
        var reading = Task.Run(() => ReadAsync(around, lines.Writer));
        var (taken, refused) = (0L, 0L);
        while (await lines.Reader.WaitToReadAsync())
        {
            var batch = new List<FedResult>();
            var characters = 0;
            foreach (var line in await GatherAsync(lines.Reader, around.Clock))
            {
                var (result, wrong) = FedResult.Read(line.Words, line.AtUtc);
                if (result is null)
                {
                    refused++;
                    around.Complain(NagiosVerbText.WrongLine(line.Words, wrong!));
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

        return Over(taken, refused, await reading, around);
    }

    private static int Over(long taken, long refused, Text? broke, Surroundings around)
    {
        if (broke is not null)
        {
            around.Complain(broke);
        }

        around.Say(NagiosVerbText.Fed(taken, refused));
        return refused > 0 || broke is not null ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>Null: read to its end; else why not. A line's time is when it was read, however long the desk is away after that.</summary>
    private static async Task<Text?> ReadAsync(Surroundings around, ChannelWriter<FedLine> to)
    {
        var last = DateTimeOffset.MinValue;
        try
        {
            while (await around.In.ReadLineAsync() is { } line)
            {
                // NSCA's client takes blocks that end in ETB as well.
                foreach (var part in line.Split('\u0017').Where(p => !string.IsNullOrWhiteSpace(p)))
                {
                    // Each has a time of its own, so that two of one item in a batch keep their order.
                    var now = around.Clock.GetUtcNow();
                    last = now > last ? now : last.AddMicroseconds(1);
                    await to.WriteAsync(new FedLine(part, last));
                }
            }

            return null;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return NagiosVerbText.InputBroke(broken.Message);
        }
        finally
        {
            to.Complete();
        }
    }

    /// <summary>What is there, and what comes within a second: a burst of results is one request.</summary>
    private static async Task<IReadOnlyList<FedLine>> GatherAsync(ChannelReader<FedLine> from, TimeProvider clock)
    {
        var lines = new List<FedLine>();
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
