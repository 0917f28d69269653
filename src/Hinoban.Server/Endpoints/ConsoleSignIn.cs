using Hinoban.Console.Shell;
using Hinoban.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Hinoban.Server.Endpoints;

/// <summary>The console's cookie: a shift long, and over at once when the account is disabled or its rights have changed.</summary>
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
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/login";
        cookie.Events.OnValidatePrincipal = Validate;
    });

    private static Task Validate(CookieValidatePrincipalContext context)
    {
        var claimed = context.Principal is null ? null : Principals.ActorOf(context.Principal);
        var now = claimed is null ? null : context.HttpContext.RequestServices.GetRequiredService<Accounts>().ByName(claimed.Name);
        if (now is null || now.Role != claimed!.Role || now.Scope.Customer != claimed.Scope.Customer)
        {
            context.RejectPrincipal();
            return context.HttpContext.SignOutAsync(Viewer.Scheme);
        }

        return Task.CompletedTask;
    }
}
