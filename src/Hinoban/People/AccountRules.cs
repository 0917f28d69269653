using System.Text.RegularExpressions;
using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>What names and passwords must look like, and how long wrong tries make somebody wait.</summary>
internal static partial class AccountRules
{
    internal const int PasswordLength = 12;

    private const int FreeTries = 5;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>Wrong tries that one address has in <see cref="BudgetTime"/>, over all names.</summary>
    internal const int Budget = 20;

    internal static readonly TimeSpan BudgetTime = TimeSpan.FromMinutes(15);

    /// <summary>Wrong tries older than this are forgotten.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    /// <summary>Null if right.</summary>
    internal static Text? Name(string name) => NamePattern().IsMatch(name) ? null : PeopleText.NameWrong;

    /// <summary>Null if right. Length is what counts (NIST SP 800-63B, 5.1.1); no rules on kinds of characters.</summary>
    internal static Text? Password(string name, string password) =>
        password.Length < PasswordLength ? PeopleText.PasswordShort
        : name.Length > 2 && password.Contains(name, StringComparison.OrdinalIgnoreCase) ? PeopleText.PasswordIsName
        : null;

    /// <summary>Null if right. A one-time password that is "changed" to itself would still be known to whoever gave it.</summary>
    internal static Text? Change(string current, string chosen) => chosen == current ? PeopleText.PasswordSame : null;

    /// <summary>Null if right.</summary>
    internal static Text? Customer(Role role, CustomerId? customer) => (role, customer) switch
    {
        ( <= Role.CustomerViewer, null) => PeopleText.CustomerNeeded,
        ( > Role.CustomerViewer, not null) => PeopleText.CustomerNotNeeded,
        _ => null,
    };

    /// <summary>Null if right: programs post results, and have tokens.</summary>
    internal static Text? Person(Role role) => role == Role.Sender ? PeopleText.SenderIsNobody : null;

    /// <summary>
    /// Whether a try counts at all: five are free, then each wrong one doubles the wait, 30 s to 15 min. Counted per name and
    /// address, so that a stranger who guesses cannot keep an operator out at night.
    /// </summary>
    internal static bool MayTry(int tries, DateTimeOffset? last, DateTimeOffset now)
    {
        if (tries < FreeTries || last is not { } at)
        {
            return true;
        }

        var wait = FirstWait * Math.Pow(2, Math.Min(tries - FreeTries, 10));
        var passed = now - at;
        // A wall clock that was set back must not lock anybody out for longer than the longest wait.
        return passed >= (wait < LongestWait ? wait : LongestWait) || passed < -LongestWait;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9._-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
