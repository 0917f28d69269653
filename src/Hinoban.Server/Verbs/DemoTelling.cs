using System.CommandLine;
using System.Net;
using Hinoban.Basics;
using Hinoban.Server.Demo;

namespace Hinoban.Server.Verbs;

/// <summary><c>hinoban demo break</c> and <c>demo mend</c>: tells the demo that runs in another terminal; of several, the one that is named.</summary>
internal static class DemoTelling
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal static Command Command(Surroundings around, string what)
    {
        var data = CommandTree.Flag("--data", CliText.DemoData, around.Language, "DIR", required: false);
        var url = CommandTree.Flag("--url", CliText.DemoUrl, around.Language, "URL", required: false);
        var command = new Command(what, (what == "break" ? CliText.DemoBreak : CliText.DemoMend).In(around.Language)) { data, url };
        command.SetAction((parsed, cancel) => TellAsync(what, parsed.GetValue(data), parsed.GetValue(url), around, cancel));
        return command;
    }

    private static async Task<int> TellAsync(string what, string? data, string? url, Surroundings around, CancellationToken cancel)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        var running = new List<DemoNote>();
        foreach (var note in DemoNote.Of(data, around))
        {
            // A note may have been left by a demo that was killed.
            if (await AnswerOfAsync(http, note, "state", cancel) == HttpStatusCode.OK)
            {
                running.Add(note);
            }
        }

        var meant = url is null ? running : running.FindAll(n => Uri.TryCreate(url, UriKind.Absolute, out var named) && named.Authority == n.Url.Authority);
        if (meant.Count > 1)
        {
            around.Complain(DemoText.Several(what, [.. meant.Select(n => n.Url)]));
            return ExitCode.Usage;
        }

        if (meant is [var one] && await AnswerOfAsync(http, one, what, cancel) == HttpStatusCode.Redirect)
        {
            around.Say(what == "break" ? DemoText.Broken(one.Url) : DemoText.Mended(one.Url));
            return ExitCode.Ok;
        }

        around.Complain(running.Count > 0 && url is not null ? DemoText.NoneThere(url, [.. running.Select(n => n.Url)]) : DemoText.NotRunning);
        return ExitCode.Failed;
    }

    private static async Task<HttpStatusCode?> AnswerOfAsync(HttpClient http, DemoNote note, string what, CancellationToken cancel)
    {
        var at = new Uri(note.Url, $"/demo/{what}");
        try
        {
            using var form = new FormUrlEncodedContent([new("secret", note.Secret)]);
            using var answer = what == "state" ? await http.GetAsync(at, cancel) : await http.PostAsync(at, form, cancel);
            return answer.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException || (silent is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
