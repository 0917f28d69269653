using Hinoban.Basics;
using Microsoft.AspNetCore.Http;

namespace Hinoban.Console.Shell;

/// <summary>Language, theme and time zone of a person's browser: cookies first, then what the browser says.</summary>
internal static class Preferences
{
    internal const string LanguageCookie = "hinoban-language";
    internal const string ThemeCookie = "hinoban-theme";

    /// <summary>Chosen on the account page; otherwise pages speak in the provider's zone, as its mails and incident numbers do, wherever the browser is.</summary>
    internal const string ZoneCookie = "hinoban-zone";

    internal static Language LanguageOf(HttpRequest request) => request.Cookies[LanguageCookie] switch
    {
        "ja" => Language.Ja,
        "en" => Language.En,
        _ => Accepted(request.Headers.AcceptLanguage.ToString()),
    };

    internal static Theme ThemeOf(HttpRequest request) => request.Cookies[ThemeCookie] switch
    {
        "light" => Theme.Light,
        "dark" => Theme.Dark,
        _ => Theme.System,
    };

    internal static TimeZoneInfo ZoneOf(HttpRequest request, ConsoleZone otherwise) => Zone(request.Cookies[ZoneCookie]) ?? otherwise.Default;

    internal static TimeZoneInfo? Zone(string? name) =>
        name is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    internal static void Remember(HttpResponse response, string cookie, string value) => response.Cookies.Append(cookie, value, new CookieOptions
    {
        MaxAge = TimeSpan.FromDays(400),
        SameSite = SameSiteMode.Lax,
        HttpOnly = true,
        Secure = response.HttpContext.Request.IsHttps,
        Path = "/",
    });

    internal static void Forget(HttpResponse response, string cookie) => response.Cookies.Delete(cookie);

    // The first of the two languages that the browser names; quality values are in order in every browser.
    private static Language Accepted(string header)
    {
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("ja", StringComparison.OrdinalIgnoreCase))
            {
                return Language.Ja;
            }

            if (part.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return Language.En;
            }
        }

        return Language.Ja;
    }
}
