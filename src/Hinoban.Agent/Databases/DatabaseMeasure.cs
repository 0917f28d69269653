using System.Globalization;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Databases;

/// <summary>Connection, login and one query from this machine to a database: what a web server here would meet.</summary>
internal static class DatabaseMeasure
{
    private const int ShownValue = 200;

    internal static async Task<Answer> TakeAsync(DatabasePlan plan, TimeProvider clock, CancellationToken cancel)
    {
        var word = plan.Kind == DatabaseKind.Postgres ? "POSTGRES" : "MYSQL";
        var place = string.Create(CultureInfo.InvariantCulture, $"{plan.Host} port {plan.Port}");
        if (Password(plan, out var password) is { } unread)
        {
            return new Answer(CheckStatus.Unknown, $"{word} UNKNOWN - {unread}");
        }

        var started = clock.GetTimestamp();
        var step = "connection";
        using var limit = new LookLimit(plan.Timeout, clock, cancel);
        try
        {
            await using var stream = await Dial.ConnectAsync(plan.Host, plan.Port, limit.Token);
            var login = new DatabaseLogin(plan.User, password, plan.Database, plan.Host);
            await using var session = plan.Kind == DatabaseKind.Postgres ? (IDatabaseSession)new PostgresSession(stream) : new MySqlSession(stream);
            step = "login";
            await session.LoginAsync(login, limit.Token);
            step = "query";
            var value = await session.AskAsync(plan.Query, limit.Token);
            await session.LeaveAsync(limit.Token);
            return Dial.Timed(word, $"connection, login and query on {place}", clock.GetElapsedTime(started), plan.Limits, plan.Timeout, $"the query gave: {Safe(value)}");
        }
        catch (DatabaseRefusal refusal)
        {
            return new Answer(CheckStatus.Critical, $"{word} CRITICAL - {place}: {step} failed: {Safe(refusal.Message)}");
        }
        catch (Exception failure) when (Dial.Why(failure, limit) is { } why)
        {
            return new Answer(CheckStatus.Critical, $"{word} CRITICAL - {place}: {step} failed: {Safe(why)}");
        }
    }

    private static string? Password(DatabasePlan plan, out string password)
    {
        password = "";
        if (plan.PasswordFile is not { } file)
        {
            return null;
        }

        try
        {
            password = File.ReadAllText(file).TrimEnd('\r', '\n');
            return null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return $"the password file {file} cannot be read: {(unread is UnauthorizedAccessException ? "permission denied" : unread.Message)}";
        }
    }

    // What a server says may hold anything.
    private static string Safe(string text)
    {
        var plain = string.Concat(text.Select(c => char.IsControl(c) || c == '|' ? ' ' : c)).Trim();
        return plain.Length <= ShownValue ? plain : $"{plain[..ShownValue]}…";
    }
}
