using System.Globalization;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Measures;

/// <summary>Users logged in; who and from where in the long output.</summary>
internal static class UsersMeasure
{
    internal static Answer Take(UsersPlan plan, Roots roots)
    {
        var logins = Logins.Now(roots);
        var status = plan.Limits.Judge(logins.Count);
        return new Answer(
            status,
            $"USERS {Answer.Word(status)} - {logins.Count} users currently logged in",
            string.Join('\n', logins.Select(Line)),
            PerfText.Of("users", logins.Count.ToString(CultureInfo.InvariantCulture), plan.Limits, "0"));
    }

    private static string Line(Login login)
    {
        var where = login.Terminal.Length > 0 ? $" on {login.Terminal}" : "";
        var since = login.Since is { } time ? time.ToString("' since 'yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) : "";
        return Safe($"{login.User}{where} from {(login.From.Length > 0 ? login.From : "this machine")}{since}");
    }

    // A remote host chooses its own name.
    private static string Safe(string text) => string.Concat(text.Select(c => char.IsControl(c) || c == '|' ? '?' : c));
}
