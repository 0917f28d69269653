using System.Globalization;
using System.Net;
using System.Text;
using Hinoban.Basics;
using Hinoban.Lab;

namespace Hinoban.Server.Demo;

/// <summary>The demo's two pages as HTML. Mails are shown as text: whatever stands in one was written by a stranger.</summary>
internal static class DemoHtml
{
    internal static string Stage(Language language, Town town, string secret, Uri console)
    {
        string T(Text text) => Safe(text.In(language));
        var steps = string.Concat(DemoText.Steps.Select(s => $"<li>{T(s)}</li>"));
        var (state, word, action, label) = town.WebRuns
            ? ("up", DemoText.Runs, "break", DemoText.BreakIt)
            : ("down", DemoText.Stopped, "mend", DemoText.MendIt);
        return Page(language, DemoText.Title, State(town), $"""
            <section class="stage {state}">
              <h2>{T(DemoText.Stage)} <small>web01</small></h2>
              <p class="lamp"><i></i>{T(word)}</p>
              <form method="post" action="/demo/{action}">
                <input type="hidden" name="secret" value="{Safe(secret)}">
                <button class="{action}">{T(label)}</button>
              </form>
              <p class="links"><a href="http://127.0.0.1:{town.WebPort}/" target="_blank" rel="noopener">{T(DemoText.OpenSite)}</a></p>
            </section>
            <section><h2>{T(DemoText.HowTo)}</h2><ol>{steps}</ol>
              {(town.HasSsh ? "" : $"<p class=\"note\">{T(DemoText.NoSsh)}</p>")}
              <p class="links"><a class="button" href="{Safe(console.ToString())}" target="_blank" rel="noopener">{T(DemoText.OpenConsole)}</a>
              <a class="button" href="/demo/mailbox">{T(DemoText.OpenMailbox)}</a></p>
            </section>
            """);
    }

    /// <summary>Changes when a page would look different.</summary>
    internal static string State(Town town) => string.Create(CultureInfo.InvariantCulture, $"{(town.WebRuns ? "up" : "down")} {town.Mailbox.Mails.Count}");

    internal static string Mailbox(Language language, Town town, TimeZoneInfo zone)
    {
        var mails = town.Mailbox.Mails;

        // One mail has an envelope per recipient; people think of it as one.
        var letters = mails.GroupBy(m => m.MessageId).Select(g => g.ToList()).Reverse().ToList();
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<header class=\"box\"><h2>{Safe(DemoText.MailboxOf.In(language))}</h2><p>{letters.Count} {Safe(DemoText.Envelopes.In(language))} · <a href=\"/demo\">{Safe(DemoText.Title.In(language))}</a></p></header>");
        if (letters.Count == 0)
        {
            body.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Safe(DemoText.NoMails.In(language))}</p>");
        }

        for (var i = 0; i < letters.Count; i++)
        {
            Letter(body, language, letters[i], zone, open: i == 0);
        }

        return Page(language, DemoText.Mailbox, State(town), body.ToString());
    }

    private static void Letter(StringBuilder body, Language language, List<SinkMail> envelopes, TimeZoneInfo zone, bool open)
    {
        var mail = envelopes[0];
        var at = TimeZoneInfo.ConvertTime(mail.ArrivedUtc, zone).ToString("HH:mm:ss 'JST'", CultureInfo.InvariantCulture);
        var thread = mail.References.Count > 0 ? $"<span class=\"tag\">↳ {Safe(DemoText.Thread.In(language))}</span>" : "";
        body.Append(CultureInfo.InvariantCulture, $"""
            <details class="mail"{(open ? " open" : "")}>
              <summary><time>{at}</time><b>{Safe(mail.Subject)}</b>{thread}</summary>
              <dl><dt>{Safe(DemoText.From.In(language))}</dt><dd>{Safe(mail.From)}</dd>
              <dt>{Safe(DemoText.To.In(language))}</dt><dd>{string.Join("<br>", envelopes.Select(e => Safe(e.Recipient)))}</dd></dl>
              <pre>{Safe(mail.Text)}</pre>
              <details class="source"><summary>{Safe(DemoText.Source.In(language))}</summary><pre>{Safe(Encoding.UTF8.GetString(mail.Raw))}</pre></details>
            </details>
            """);
    }

    private static string Page(Language language, Text title, string state, string body) => $"""
        <!doctype html>
        <html lang="{(language == Language.En ? "en" : "ja")}"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
        <noscript><meta http-equiv="refresh" content="5"></noscript><title>{Safe(title.In(language))}</title><link rel="stylesheet" href="/demo/demo.css"><script src="/demo/demo.js" defer></script></head>
        <body data-state="{Safe(state)}"><h1>{Safe(title.In(language))}</h1>{body}</body></html>
        """;

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
