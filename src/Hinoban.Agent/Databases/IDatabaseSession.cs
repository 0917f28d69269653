namespace Hinoban.Agent.Databases;

/// <summary>A connection to a database, used for one login and one query.</summary>
internal interface IDatabaseSession : IAsyncDisposable
{
    Task LoginAsync(DatabaseLogin login, CancellationToken cancel);

    /// <summary>Asks, and gives the first column of the first row as text; empty if there is none.</summary>
    Task<string> AskAsync(string query, CancellationToken cancel);

    /// <summary>Says goodbye, so that the server logs no broken connection.</summary>
    Task LeaveAsync(CancellationToken cancel);
}

/// <summary>Who logs in, and where.</summary>
internal sealed record DatabaseLogin(string User, string Password, string Database, string Host);

/// <summary>The database answered, and said no; or it said something that is not its protocol.</summary>
internal sealed class DatabaseRefusal : Exception
{
    internal DatabaseRefusal(string why)
        : base(why)
    {
    }
}
