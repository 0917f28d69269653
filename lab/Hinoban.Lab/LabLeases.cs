using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Hinoban.Lab.Memory;
using Hinoban.Storage;

namespace Hinoban.Lab;

/// <summary>
/// A database that two desk nodes share, as the lease sees it: a server's, with a clock of its own. Behind it is the one connection of a
/// <see cref="LabDisk"/>, which outlives whoever borrows it.
/// </summary>
internal sealed class LabLeases : Dialect
{
    private readonly MemoryConnection connection;
    private readonly MemoryTransaction transaction;

    /// <param name="connection">The shared database's; it must know <see cref="ServerNow"/>.</param>
    internal LabLeases(MemoryConnection connection)
    {
        (this.connection, transaction) = (connection, new MemoryTransaction(connection, static () => false));
        SqlTypes.Register();
    }

    /// <summary>The function that tells the server's time.</summary>
    internal const string ServerNow = "server_now";

    internal override string Where => connection.DataSource;

    internal override string Now => $"{ServerNow}()";

    internal override DbConnection Connect() => new Borrowed(connection);

    internal override DbTransaction Write()
    {
        transaction.Begin();
        return transaction;
    }

    internal override DbTransaction Read(DbConnection reader) => throw new NotSupportedException("Nobody reads by this.");

    internal override long Changes(DbTransaction of) => 0;

    internal override string Schema(string sql) => sql;

    internal override IReadOnlyList<string> Tables(DbTransaction of) => throw new NotSupportedException("Nobody copies this database.");

    internal override bool IsWorthAnother(Exception wrong) => false;

    internal override bool LeavesOpen(Exception wrong) => false;

    internal override string? Damage() => null;

    public override void Dispose()
    {
    }

    /// <summary>To be disposed of without an effect on the connection behind it.</summary>
    private sealed class Borrowed(MemoryConnection connection) : DbConnection
    {
        [AllowNull]
        public override string ConnectionString
        {
            get => connection.ConnectionString;
            set => throw new NotSupportedException();
        }

        public override string Database => connection.Database;

        public override string DataSource => connection.DataSource;

        public override string ServerVersion => connection.ServerVersion;

        public override ConnectionState State => connection.State;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Open()
        {
        }

        public override void Close()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => connection.CreateCommand();
    }
}
