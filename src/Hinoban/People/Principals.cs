using System.Security.Claims;
using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>How an <see cref="Actor"/> travels in the web server's principal, for cookies and bearer tokens alike.</summary>
internal static class Principals
{
    private const string Customer = "hinoban:customer";

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

    /// <summary>Null if nobody is signed in. A customer viewer without a customer is nobody.</summary>
    internal static Actor? ActorOf(ClaimsPrincipal principal)
    {
        var name = principal.FindFirstValue(ClaimTypes.NameIdentifier);
        if (name is null || !Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role))
        {
            return null;
        }

        var display = principal.FindFirstValue(ClaimTypes.Name) ?? name;
        if (role > Role.CustomerViewer)
        {
            return new Actor(name, display, role, Scope.Across($"{role} {name}"));
        }

        return principal.FindFirstValue(Customer) is { } customer
            ? new Actor(name, display, role, Scope.Of(new CustomerId(customer)))
            : null;
    }
}
