using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;

namespace Hinoban.People;

/// <summary>The accounts of people and the API tokens they hold.</summary>
internal sealed partial class Accounts(Db db, ILogger<Accounts>? log = null)
{
    internal const string FirstAdmin = "admin";
    internal const string TokenStart = "hin_";

    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static readonly PasswordHasher<string> Hasher = new();

    // Verified against when there is no such account, so that a wrong name takes as long as a wrong password.
    private static readonly string NobodysHash = Hasher.HashPassword("", RandomNumberGenerator.GetString(Letters, 20));

    private readonly SignInGuard guard = new();
    private bool toldOfUse;

    /// <summary>
    /// A session if name and password are right and not too many wrong tries came from <paramref name="origin"/> (the caller's
    /// address). A try that is looked at takes equally long whether there is such an account or not, costs one transaction, and is in
    /// the audit; one that must wait costs neither.
    /// </summary>
    internal SignInAnswer SignIn(string name, string password, Moment now, string origin = "")
    {
        // What cannot be a name may be a password typed into the wrong field: such tries are counted together, and not kept.
        var counted = AccountRules.Name(name) is null ? name : "";
        if (!guard.Begin(counted, origin, now, () => db.Read(tx => AccountStore.Failures(tx, counted, origin))))
        {
            return new SignInAnswer(null, Slowed: true);
        }

        Session? session = null;
        try
        {
            var row = db.Read(tx => AccountStore.Account(tx, name));
            var found = Verify(row, name, password);
            db.Write(tx => Record(tx, found is not null, counted, row?.Name ?? "", origin, now));
            session = found;
        }
        finally
        {
            guard.End(counted, origin, right: session is not null);
        }

        return new SignInAnswer(session);
    }

    /// <summary>Null if the token is unknown or revoked, or its account may not act. With <paramref name="now"/> its last day of use is noted.</summary>
    internal Actor? ByToken(string token, Moment? now = null)
    {
        if (!token.StartsWith(TokenStart, StringComparison.Ordinal))
        {
            return null;
        }

        var hash = HashOf(token);
        var (row, account) = db.Read(tx => AccountStore.Token(tx, hash) is { } known ? (known, AccountStore.Account(tx, known.Account)) : default);
        if (row is null or { RevokedUtc: not null } || account?.Acting(row) is not { } actor)
        {
            return null;
        }

        if (now is { } at && DateOnly.FromDateTime(at.Utc.UtcDateTime) is var day && row.LastUsedDay != day)
        {
            NoteUse(hash, day);
        }

        return actor;
    }

    /// <summary>What a session of the account looks like now; null if it may not act. One that looks different has ended.</summary>
    internal Session? SessionOf(string name) => db.Read(tx => AccountStore.Account(tx, name))?.Session();

    /// <summary>The account's session is not what it was. A database that cannot be read says nothing about it: then it is not over.</summary>
    internal bool IsOver(string name, Func<Session?, bool> isWhatItWas)
    {
        try
        {
            return !isWhatItWas(SessionOf(name));
        }
        catch (Exception wrong) when (StorageTrouble.Is(wrong))
        {
            return false;
        }
    }

    internal IReadOnlyList<AccountRow> All() => db.Read(AccountStore.All);

    internal IReadOnlyList<TokenRow> Tokens() => db.Read(AccountStore.TokensOf);

    /// <summary>Null if done; otherwise why not. <paramref name="mustChange"/>: the password was chosen by somebody else.</summary>
    internal Text? Add(string name, string displayName, Role role, CustomerId? customer, string password, Moment now, string by, bool mustChange = false)
    {
        if ((AccountRules.Name(name) ?? AccountRules.Password(name, password) ?? AccountRules.Customer(role, customer) ?? AccountRules.Person(role)) is { } wrong)
        {
            return wrong;
        }

        var row = new AccountRow(name, displayName, role, customer, Hasher.HashPassword(name, password), mustChange, false, now.Utc);
        return db.Write(tx =>
        {
            if (AccountStore.Account(tx, name) is not null)
            {
                return PeopleText.Exists(name);
            }

            AccountStore.Insert(tx, row);
            AuditStore.Append(tx, new AuditEntry(now.Utc, by, "", "account-added", $"{name} {role.Word()} {customer}".TrimEnd()));
            return null;
        });
    }

    /// <summary>
    /// A person changes the own password, knowing the one so far. All sessions of the account end; the one given back is for whoever
    /// changed it, null if it was not done.
    /// </summary>
    internal (Session? Session, Text? Problem) ChangePassword(string name, string current, string chosen, Moment now, string origin)
    {
        if ((AccountRules.Password(name, chosen) ?? AccountRules.Change(current, chosen)) is { } wrong)
        {
            return (null, wrong);
        }

        var answer = SignIn(name, current, now, origin);
        var problem = answer switch
        {
            { Slowed: true } => PeopleText.TooManyTries,
            { Session: null } => PeopleText.PasswordWrong,
            _ => SetPassword(name, chosen, now, name, origin: origin),
        };
        return (problem is null ? SessionOf(name) : null, problem);
    }

    /// <summary>Null if done; otherwise why not. The account's sessions end at once.</summary>
    internal Text? SetPassword(string name, string password, Moment now, string by, bool mustChange = false, string origin = "")
    {
        if (AccountRules.Password(name, password) is { } wrong)
        {
            return wrong;
        }

        var hash = Hasher.HashPassword(name, password);
        return db.Write(tx =>
        {
            if (!AccountStore.SetPassword(tx, name, hash, mustChange))
            {
                return PeopleText.Missing(name);
            }

            AuditStore.Append(tx, new AuditEntry(now.Utc, by, origin, "password-set", name));
            return null;
        });
    }

    /// <summary>Null if done; otherwise why not. A disabled account's sessions and tokens end at once.</summary>
    internal Text? SetDisabled(string name, bool disabled, Moment now, string by) => db.Write(tx =>
    {
        if (!AccountStore.SetDisabled(tx, name, disabled))
        {
            return PeopleText.Missing(name);
        }

        AuditStore.Append(tx, new AuditEntry(now.Utc, by, "", disabled ? "account-disabled" : "account-enabled", name));
        return null;
    });

    /// <summary>At the first start: gives the account <c>admin</c> a one-time password and returns it; null once anybody has a password.</summary>
    internal string? EnsureFirstAdmin(Moment now)
    {
        var all = All();
        if (all.Any(a => a.PasswordHash.Length > 0))
        {
            return null;
        }

        var password = OneTimePassword();
        var problem = all.Any(a => a.Name == FirstAdmin)
            ? SetPassword(FirstAdmin, password, now, "engine", mustChange: true)
            : Add(FirstAdmin, PersonNames.FirstAdmin.En, Role.Admin, null, password, now, "engine", mustChange: true);
        return problem is null ? password : null;
    }

    /// <summary>
    /// Makes a token and returns it; it is not kept and cannot be shown again. An account that does not exist yet is made
    /// without a password: it can use the API and nothing else.
    /// </summary>
    internal (string? Token, Text? Problem) AddToken(string name, Role role, CustomerId? customer, Moment now, string by)
    {
        if ((AccountRules.Name(name) ?? AccountRules.Customer(role, customer)) is { } wrong)
        {
            return (null, wrong);
        }

        var token = TokenStart + RandomNumberGenerator.GetString(Letters, 40);
        var row = new TokenRow(HashOf(token), token[..12], name, role, customer, now.Utc, null, null);
        var problem = db.Write(tx =>
        {
            var account = AccountStore.Account(tx, name) ?? NewForTokens(tx, row, now);
            if (Refusal(account, row) is { } why)
            {
                return why;
            }

            AccountStore.Insert(tx, row);
            AuditStore.Append(tx, new AuditEntry(now.Utc, by, "", "token-added", $"{row.Prefix} {name} {role.Word()} {customer}".TrimEnd()));
            return null;
        });
        return problem is null ? (token, null) : (null, problem);
    }

    /// <summary>False if there is no such token, or it is revoked already.</summary>
    internal bool RevokeToken(string prefix, Moment now, string by) => db.Write(tx =>
    {
        var done = AccountStore.Revoke(tx, prefix, now.Utc);
        if (done)
        {
            AuditStore.Append(tx, new AuditEntry(now.Utc, by, "", "token-revoked", prefix));
        }

        return done;
    });

    /// <summary>Twenty characters in groups of five, without those that look alike: 116 bits.</summary>
    internal static string OneTimePassword() =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 5)));

    // For the list of tokens only: whoever reads must not be kept from it by a disk that takes no writes.
    private void NoteUse(string hash, DateOnly day)
    {
        if (db.Trouble is not null)
        {
            return;
        }

        try
        {
            db.Write(tx => AccountStore.Used(tx, hash, day));
        }
        catch (Exception wrong) when (StorageTrouble.Is(wrong))
        {
            if (!Interlocked.Exchange(ref toldOfUse, true) && log is not null)
            {
                UseNotNoted(log, wrong.Message);
            }
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "A token's last day of use could not be noted: {Why}. This is said once")]
    private static partial void UseNotNoted(ILogger log, string why);

    private static Session? Verify(AccountRow? row, string name, string password)
    {
        var hash = row is { PasswordHash.Length: > 0 } ? row.PasswordHash : NobodysHash;
        return Hasher.VerifyHashedPassword(name, hash, password) != PasswordVerificationResult.Failed && hash != NobodysHash ? row!.Session() : null;
    }

    private static void Record(Tx tx, bool right, string counted, string who, string origin, Moment now)
    {
        if (right)
        {
            AccountStore.ForgetFailures(tx, counted, origin, now.Utc - AccountRules.Memory);
        }
        else
        {
            AccountStore.Failed(tx, counted, origin, now.Utc);
        }

        AuditStore.Append(tx, new AuditEntry(now.Utc, who, origin, right ? "sign-in" : "sign-in-refused", ""));
    }

    private static AccountRow NewForTokens(Tx tx, TokenRow token, Moment now)
    {
        // The first start gives the account "admin" its password: a token made before must not take the name with fewer rights.
        var account = token.Account == FirstAdmin
            ? new AccountRow(FirstAdmin, PersonNames.FirstAdmin.En, Role.Admin, null, "", false, false, now.Utc)
            : new AccountRow(token.Account, token.Account, token.Role, token.Customer, "", false, false, now.Utc);
        AccountStore.Insert(tx, account);
        return account;
    }

    private static Text? Refusal(AccountRow account, TokenRow token) =>
        account.Disabled ? PeopleText.Disabled(account.Name)
        : token.Role > account.Role ? PeopleText.RoleWider(account.Name, account.Role)
        : account.Role <= Role.CustomerViewer && token.Customer != account.Customer ? PeopleText.OtherCustomer(account.Name)
        : null;

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
