namespace Hinoban.People;

/// <summary>How roles are written in the database, on the command line and in the API.</summary>
internal static class RoleWords
{
    internal static readonly string[] All = ["sender", "viewer", "operator", "lead", "admin"];

    internal static string Word(this Role role) => All[(int)role];

    /// <summary>Null if there is no such role. <c>customer-viewer</c> is taken as well as <c>viewer</c>.</summary>
    internal static Role? Parse(string word) =>
        word == "customer-viewer" ? Role.CustomerViewer
        : Array.IndexOf(All, word) is >= 0 and var at ? (Role)at
        : null;
}
