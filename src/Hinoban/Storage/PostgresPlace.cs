using System.Data.Common;
using Hinoban.Basics;
using Npgsql;

namespace Hinoban.Storage;

/// <summary>Where a PostgreSQL database is and how one signs in there. The connection string may hold a password: printing shows none.</summary>
internal sealed class PostgresPlace
{
    // A paused process must not keep the database from its successor: a transaction that nobody goes on with ends by itself, before
    // the lease does (DutyLease.Lasts). Who waits for a lock is told so by the server before the command's own patience breaks the connection.
    private const string Session = "-c idle_in_transaction_session_timeout=8000 -c lock_timeout=10000";

    private readonly Redacted full;

    private PostgresPlace(NpgsqlConnectionStringBuilder given)
    {
        Name = $"{given.Database}@{given.Host}";
        full = new Redacted(given.ToString());
    }

    /// <summary><c>hinoban@db1,db2</c>: for people and logs.</summary>
    internal string Name { get; }

    /// <summary>Null, and what is wrong, if it is no connection string of ours. What is wrong never shows the string itself.</summary>
    internal static PostgresPlace? Parse(string text, out Text? wrong)
    {
        NpgsqlConnectionStringBuilder given;
        try
        {
            given = new NpgsqlConnectionStringBuilder(text.Trim());
        }
        catch (Exception bad) when (bad is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException or NotSupportedException)
        {
            wrong = StorageText.NotAConnection;
            return null;
        }

        wrong = string.IsNullOrEmpty(given.Host) || string.IsNullOrEmpty(given.Database) ? StorageText.NoHostOrDatabase : null;
        return wrong is null ? new PostgresPlace(With(given)) : null;
    }

    internal static bool HasPassword(string text) => !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text.Trim()).Password);

    /// <summary>With several hosts, the one that takes writes.</summary>
    internal NpgsqlDataSource Open()
    {
        var builder = new NpgsqlDataSourceBuilder(full.Reveal());
        return builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    public override string ToString() => Name;

    private static NpgsqlConnectionStringBuilder With(NpgsqlConnectionStringBuilder given)
    {
        given.ApplicationName ??= "hinoban";
        given.Timeout = 5;
        given.CommandTimeout = 15;

        // A cancelled wait for the standby would be reported as a commit; broken off, it is what it is: unknown.
        given.CancellationTimeout = -1;
        given.MaxAutoPrepare = 100;
        given.AutoPrepareMinUsages = 2;
        given.HostRecheckSeconds = 1;
        given.TargetSessionAttributes = null;
        given.KeepAlive = 10;
        given.Enlist = false;
        given.IncludeErrorDetail = false;
        given.PersistSecurityInfo = false;
        given.Options = string.Join(' ', new[] { given.Options, Session }.Where(o => !string.IsNullOrEmpty(o)));
        return given;
    }
}
