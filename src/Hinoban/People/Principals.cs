using System.Security.Claims;
using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>How an <see cref="Actor"/> travels in the web server's principal, for cookies and bearer tokens alike.</summary>
internal static class Principals
{
    private const string Customer = "hinoban:customer";
    private const string Stamp = "hinoban:stamp";
    private const string OneTime = "hinoban:one-time";

    internal static ClaimsPrincipal Of(Session session, string scheme)
    {
        var principal = Of(session.Actor, scheme);
        var identity = (ClaimsIdentity)principal.Identity!;
        identity.AddClaim(new Claim(Stamp, session.Stamp));
        if (session.MustChange)
        {
            identity.AddClaim(new Claim(OneTime, "true"));
        }

        return principal;
    }

    /// <summary>
    /// The session was opened with a one-time password. The principal may be believed: giving an account such a password, or changing
    /// it, changes the stamp.
    /// </summary>
    internal static bool MustChange(ClaimsPrincipal principal) => principal.HasClaim(OneTime, "true");

    /// <summary>Whether the principal was made of the account as it is now.</summary>
    internal static bool IsOf(ClaimsPrincipal principal, Session? session) =>
        session is not null
        && principal.FindFirstValue(Stamp) == session.Stamp
        && ActorOf(principal) is { } actor
        && actor.Role == session.Actor.Role && actor.Scope.Customer == session.Actor.Scope.Customer;

    internal static string? NameOf(ClaimsPrincipal principal) => principal.FindFirstValue(ClaimTypes.NameIdentifier);

    internal static ClaimsPrincipal Of(Actor actor, string scheme)
    {
        var claims = new List<Claim>
        {
            new(ClaimTypes.NameIdentifier, actor.Name),
            new(ClaimTypes.Name, actor.DisplayName),
            new(ClaimTypes.Role, actor.Role.ToString()),
        };
        if (actor.Scope.Customer is { } customer)
        {
            claims.Add(new Claim(Customer, customer.Value));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>Null if nobody is signed in. A sender or a customer viewer without a customer is nobody. <paramref name="origin"/>: where this request came from.</summary>
    internal static Actor? ActorOf(ClaimsPrincipal principal, string origin = "")
    {
        var name = NameOf(principal);
        if (name is null || !Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role))
        {
            return null;
        }

        var display = principal.FindFirstValue(ClaimTypes.Name) ?? name;
        if (role > Role.CustomerViewer)
        {
            return new Actor(name, display, role, Scope.Across($"{role} {name}")) { Origin = origin };
        }

        return principal.FindFirstValue(Customer) is { } customer
            ? new Actor(name, display, role, Scope.Of(new CustomerId(customer))) { Origin = origin }
            : null;
    }
}
