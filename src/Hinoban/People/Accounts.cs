using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.People;

/// <summary>The accounts of people and the API tokens they hold.</summary>
internal sealed class Accounts(Db db)
{
    /// <summary>Null if name or password is wrong; takes equally long either way.</summary>
    internal Actor? SignIn(string name, string password, Moment now) => throw new NotSupportedException($"{db} {name} {password} {now}");

    /// <summary>Null if the token is unknown or revoked.</summary>
    internal Actor? ByToken(string token) => throw new NotSupportedException(token);

    /// <summary>The account as it is now: a session ends when its account is gone or its role changed.</summary>
    internal Actor? ByName(string name) => throw new NotSupportedException(name);
}
