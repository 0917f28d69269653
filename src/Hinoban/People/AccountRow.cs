using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>An account as it is kept. <see cref="PasswordHash"/> is empty for one that only holds API tokens.</summary>
internal sealed record AccountRow(
    string Name, string DisplayName, Role Role, CustomerId? Customer, string PasswordHash, bool MustChange, bool Disabled, DateTimeOffset CreatedUtc)
{
    /// <summary>How often its sessions were ended by disabling it.</summary>
    internal long SessionsEnded { get; init; }

    /// <summary>Null as with <see cref="Actor()"/>.</summary>
    internal Session? Session() => Role != Role.Sender && Actor() is { } actor ? new Session(actor, Stamp(), MustChange) : null;

    // Not the password's hash itself, nor anything that it could be guessed from.
    private string Stamp() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{SessionsEnded} {PasswordHash}"))).AsSpan(0, 16));

    /// <summary>Null if the account must not act: disabled, or a sender or viewer without a customer.</summary>
    internal Actor? Actor() => Acting(Role, Customer);

    /// <summary>The account acting under a token, which may narrow its rights and never widen them.</summary>
    internal Actor? Acting(TokenRow token)
    {
        var role = token.Role < Role ? token.Role : Role;
        if (Role <= Role.CustomerViewer && token.Customer is { } narrowed && narrowed != Customer)
        {
            return null;
        }

        return Acting(role, Role <= Role.CustomerViewer ? Customer : token.Customer);
    }

    private Actor? Acting(Role role, CustomerId? customer)
    {
        if (Disabled)
        {
            return null;
        }

        if (role > Role.CustomerViewer)
        {
            return new Actor(Name, DisplayName, role, Scope.Across($"{role} {Name}"));
        }

        return customer is { } own ? new Actor(Name, DisplayName, role, Scope.Of(own)) : null;
    }
}

/// <summary>An API token as it is kept: never the token itself. <see cref="Prefix"/> is what people see of it.</summary>
internal sealed record TokenRow(
    string Hash, string Prefix, string Account, Role Role, CustomerId? Customer, DateTimeOffset CreatedUtc, DateOnly? LastUsedDay, DateTimeOffset? RevokedUtc);
