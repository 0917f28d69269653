using System.Globalization;
using Dapper;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.People;

/// <summary>The SQL of accounts and tokens. They are the provider's own, so nothing here takes a customer's scope.</summary>
internal static class AccountStore
{
    private const string Accounts =
        "select name, display_name, role, customer, password_hash, must_change, disabled, created_utc, sessions_ended from accounts";

    private const string Tokens = "select hash, prefix, account, role, customer, created_utc, last_used_day, revoked_utc from api_tokens";

    internal static AccountRow? Account(Tx tx, string name) =>
        tx.Connection.QuerySingleOrDefault<AccountLine>($"{Accounts} where name = @name", new { name }, tx.Transaction)?.Row();

    internal static IReadOnlyList<AccountRow> All(Tx tx) =>
        [.. tx.Connection.Query<AccountLine>($"{Accounts} order by name", null, tx.Transaction).Select(l => l.Row())];

    internal static void Insert(Tx tx, AccountRow row) => tx.Connection.Execute(
        """
        insert into accounts (name, display_name, role, customer, password_hash, must_change, disabled, created_utc)
        values (@Name, @DisplayName, @Role, @Customer, @PasswordHash, @MustChange, @Disabled, @Created)
        """,
        new
        {
            row.Name,
            row.DisplayName,
            Role = row.Role.Word(),
            Customer = row.Customer?.Value,
            row.PasswordHash,
            MustChange = row.MustChange ? 1 : 0,
            Disabled = row.Disabled ? 1 : 0,
            Created = row.CreatedUtc,
        },
        tx.Transaction);

    internal static bool SetPassword(Tx tx, string name, string hash, bool mustChange) => tx.Connection.Execute(
        "update accounts set password_hash = @hash, must_change = @must where name = @name",
        new { name, hash, must = mustChange ? 1 : 0 }, tx.Transaction) == 1;

    internal static bool SetDisabled(Tx tx, string name, bool disabled) => tx.Connection.Execute(
        "update accounts set disabled = @disabled, sessions_ended = sessions_ended + @disabled where name = @name", new { name, disabled = disabled ? 1 : 0 }, tx.Transaction) == 1;

    internal static TokenRow? Token(Tx tx, string hash) =>
        tx.Connection.QuerySingleOrDefault<TokenLine>($"{Tokens} where hash = @hash", new { hash }, tx.Transaction)?.Row();

    internal static IReadOnlyList<TokenRow> TokensOf(Tx tx) =>
        [.. tx.Connection.Query<TokenLine>($"{Tokens} order by created_utc, prefix", null, tx.Transaction).Select(l => l.Row())];

    internal static void Insert(Tx tx, TokenRow row) => tx.Connection.Execute(
        """
        insert into api_tokens (hash, prefix, account, role, customer, created_utc)
        values (@Hash, @Prefix, @Account, @Role, @Customer, @Created)
        """,
        new { row.Hash, row.Prefix, row.Account, Role = row.Role.Word(), Customer = row.Customer?.Value, Created = row.CreatedUtc },
        tx.Transaction);

    internal static void Used(Tx tx, string hash, DateOnly day) => tx.Connection.Execute(
        "update api_tokens set last_used_day = @day where hash = @hash", new { hash, day = Day(day) }, tx.Transaction);

    internal static bool Revoke(Tx tx, string prefix, DateTimeOffset at) => tx.Connection.Execute(
        "update api_tokens set revoked_utc = @at where prefix = @prefix and revoked_utc is null", new { prefix, at }, tx.Transaction) == 1;

    /// <summary>Wrong tries in a row and the last one's time; (0, null) if the last try was right.</summary>
    internal static (int Tries, DateTimeOffset? LastUtc) Failures(Tx tx, string name, string origin)
    {
        var line = tx.Connection.QuerySingleOrDefault<FailureLine>(
            "select tries, last_utc from sign_in_failures where name = @name and origin = @origin", new { name, origin }, tx.Transaction);
        return line is null ? (0, null) : ((int)line.Tries, SqlTypes.FromMicros(line.Last_utc));
    }

    internal static void Failed(Tx tx, string name, string origin, DateTimeOffset at) => tx.Connection.Execute(
        """
        insert into sign_in_failures (name, origin, tries, last_utc) values (@name, @origin, 1, @at)
        on conflict (name, origin) do update set tries = sign_in_failures.tries + 1, last_utc = excluded.last_utc
        """,
        new { name, origin, at }, tx.Transaction);

    internal static void ForgetFailures(Tx tx, string name, string origin, DateTimeOffset olderThan) => tx.Connection.Execute(
        "delete from sign_in_failures where (name = @name and origin = @origin) or last_utc < @olderThan",
        new { name, origin, olderThan }, tx.Transaction);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Role RoleOf(string word) =>
        RoleWords.Parse(word) ?? throw new InvalidOperationException($"The database knows a role '{word}' that this version does not.");

    private static CustomerId? CustomerOf(string? value) => value is null ? null : new CustomerId(value);

    private sealed record FailureLine(long Tries, long Last_utc);

    private sealed record AccountLine(
        string Name, string Display_name, string Role, string? Customer, string Password_hash, long Must_change, long Disabled, long Created_utc, long Sessions_ended)
    {
        internal AccountRow Row() => new(
            Name, Display_name, RoleOf(Role), CustomerOf(Customer), Password_hash, Must_change != 0, Disabled != 0, SqlTypes.FromMicros(Created_utc))
        {
            SessionsEnded = Sessions_ended,
        };
    }

    private sealed record TokenLine(
        string Hash, string Prefix, string Account, string Role, string? Customer, long Created_utc, string? Last_used_day, long? Revoked_utc)
    {
        internal TokenRow Row() => new(
            Hash, Prefix, Account, RoleOf(Role), CustomerOf(Customer), SqlTypes.FromMicros(Created_utc),
            Last_used_day is null ? null : DateOnly.ParseExact(Last_used_day, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Revoked_utc is { } at ? SqlTypes.FromMicros(at) : null);
    }
}
