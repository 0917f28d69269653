using Hinoban.Basics;
using Hinoban.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Shell;

/// <summary>Sign-in, sign-out, and what people set for themselves.</summary>
internal static class AccountEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/login", (HttpContext http, Viewer viewer, string? next) =>
            viewer.Actor is null ? Pages.Show<LoginPage>(http, new { Next = Pages.Local(next) }) : Pages.Redirect(Pages.Local(next))).AllowAnonymous();
        app.MapPost("/login", SignInAsync).AllowAnonymous();
        app.MapPost("/logout", (Delegate)SignOutAsync).WithMetadata(new OneTimeRoute());
        app.MapGet("/account", (HttpContext http, Viewer viewer, bool? saved) => Account(http, viewer, said: saved == true ? ConsoleTextShell.Saved : null)).WithMetadata(new OneTimeRoute());
        app.MapPost("/account/preferences", PreferencesAsync).AllowAnonymous();
        app.MapGet("/account/password", () => Pages.Redirect("/account")).WithMetadata(new OneTimeRoute());
        app.MapPost("/account/password", PasswordAsync).WithMetadata(new OneTimeRoute());
    }

    private static async Task<IResult> SignInAsync(HttpContext http, Viewer viewer, Accounts accounts, TimeProvider clock)
    {
        var form = await http.Request.ReadFormAsync();
        var name = form["name"].ToString().Trim();
        var next = Pages.Local(form["next"]);
        var answer = accounts.SignIn(name, form["password"].ToString(), Moment.Of(clock), Origins.Of(http.Connection.RemoteIpAddress));
        if (answer.Session is not { } session)
        {
            var problem = viewer.T(answer.Slowed ? PeopleText.TooManyTries : ConsoleTextShell.WrongSignIn);
            return Pages.Show<LoginPage>(
                http, new { Next = next, Name = name, Problem = problem }, answer.Slowed ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized);
        }

        await http.SignInAsync(Viewer.Scheme, Principals.Of(session, Viewer.Scheme));
        return Pages.Redirect(session.MustChange ? "/account" : next);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http)
    {
        await http.SignOutAsync(Viewer.Scheme);
        return Pages.Redirect("/login");
    }

    private static IResult Account(HttpContext http, Viewer viewer, Text? said = null, Text? problem = null) =>
        Pages.Show<AccountPage>(
            http,
            new
            {
                Said = said is null ? "" : viewer.T(said),
                Problem = problem is null ? "" : viewer.T(problem),
                ChosenZone = http.Request.Cookies[Preferences.ZoneCookie] ?? "",
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    // One form sets all of them (settings page), or a button one of them (strip, sign-in).
    private static async Task<IResult> PreferencesAsync(HttpContext http, Viewer viewer)
    {
        var form = await http.Request.ReadFormAsync();
        if (form["zone"].ToString() is { Length: > 0 } zone && Preferences.Zone(zone) is null && viewer.Actor is not null)
        {
            return Account(http, viewer, problem: ConsoleTextShell.ZoneUnknown);
        }

        Remember(http, form, "language", Preferences.LanguageCookie, "ja", "en");
        Remember(http, form, "theme", Preferences.ThemeCookie, "light", "dark", "system");
        if (form.ContainsKey("zone") && form["zone"].ToString() is var chosen)
        {
            Choose(http, chosen);
        }

        var next = Pages.Local(form["next"]);
        return Pages.Redirect(next == "/account" ? "/account?saved=true" : next);
    }

    private static void Choose(HttpContext http, string zone)
    {
        if (Preferences.Zone(zone) is { } known)
        {
            Preferences.Remember(http.Response, Preferences.ZoneCookie, known.Id);
        }
        else
        {
            Preferences.Forget(http.Response, Preferences.ZoneCookie);
        }
    }

    private static void Remember(HttpContext http, IFormCollection form, string field, string cookie, params string[] allowed)
    {
        if (form[field].ToString() is { Length: > 0 } value && allowed.Contains(value))
        {
            Preferences.Remember(http.Response, cookie, value);
        }
    }

    private static async Task<IResult> PasswordAsync(HttpContext http, Viewer viewer, Accounts accounts, TimeProvider clock)
    {
        var form = await http.Request.ReadFormAsync();
        var chosen = form["password"].ToString();
        if (chosen != form["again"].ToString())
        {
            return Account(http, viewer, problem: ConsoleTextShell.PasswordsDiffer);
        }

        var (session, problem) = accounts.ChangePassword(viewer.Me.Name, form["current"].ToString(), chosen, Moment.Of(clock), viewer.Me.Origin);
        if (session is null)
        {
            return Account(http, viewer, problem: problem ?? ConsoleTextShell.WrongSignIn);
        }

        // All sessions of the account have ended; this one begins anew.
        await http.SignInAsync(Viewer.Scheme, Principals.Of(session, Viewer.Scheme));
        viewer.MustChange = session.MustChange;
        return Account(http, viewer, ConsoleTextShell.PasswordChanged);
    }
}
