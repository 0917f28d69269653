using Hinoban.Console.Shell;
using Hinoban.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Hinoban.Server.Endpoints;

/// <summary>The console's cookie: a shift long, and over at once when the account is disabled, its password was changed, or its rights have.</summary>
internal static class ConsoleSignIn
{
    private static readonly TimeSpan Shift = TimeSpan.FromHours(12);

    internal static void AddServices(IServiceCollection services) => services.AddAuthentication().AddCookie(Viewer.Scheme, cookie =>
    {
        cookie.Cookie.Name = "hinoban";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = Shift;
        cookie.SlidingExpiration = false;
        cookie.LoginPath = "/login";
        cookie.Events.OnValidatePrincipal = Validate;
    });

    private static Task Validate(CookieValidatePrincipalContext context)
    {
        // One row by its key, for every request.
        var accounts = context.HttpContext.RequestServices.GetRequiredService<Accounts>();
        if (context.Principal is { } principal && Principals.NameOf(principal) is { } name && Principals.IsOf(principal, accounts.SessionOf(name)))
        {
            return Task.CompletedTask;
        }

        context.RejectPrincipal();
        return context.HttpContext.SignOutAsync(Viewer.Scheme);
    }
}
