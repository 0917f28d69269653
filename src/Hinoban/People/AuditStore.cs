using Dapper;
using Hinoban.Storage;

namespace Hinoban.People;

/// <summary>One thing somebody did: when, who, from where, what, and about what. Never holds a secret.</summary>
internal sealed record AuditEntry(DateTimeOffset AtUtc, string Who, string Origin, string Action, string About);

/// <summary>The append-only record of who did what; there is no update and no delete.</summary>
internal static class AuditStore
{
    internal static void Append(Tx tx, AuditEntry entry) => tx.Connection.Execute(
        "insert into audit (at_utc, who, origin, action, about) values (@At, @Who, @Origin, @Action, @About)",
        new { At = entry.AtUtc, entry.Who, entry.Origin, entry.Action, entry.About }, tx.Transaction);

    /// <summary>The latest first. The audit is the provider's own: it asks for the grant to see across customers.</summary>
    internal static IReadOnlyList<AuditEntry> Latest(Tx tx, Scope scope, int limit)
    {
        if (scope.Customer is not null)
        {
            return [];
        }

        return
        [
            .. tx.Connection.Query<Line>(
                "select at_utc, who, origin, action, about from audit order by id desc limit @limit", new { limit }, tx.Transaction)
                .Select(l => new AuditEntry(SqlTypes.FromMicros(l.At_utc), l.Who, l.Origin, l.Action, l.About)),
        ];
    }

    private sealed record Line(long At_utc, string Who, string Origin, string Action, string About);
}
