namespace Hinoban.Server.Roles;

/// <summary>Puts a site together.</summary>
internal static class SiteRole
{
    /// <summary>The sites of <c>hinoban up</c>, on the desk's own door.</summary>
    internal static DeskParts Inside(Ground ground, DeskParts desk) => ground.Folder.Path.Length > 0 ? desk : throw new NotSupportedException();

    /// <summary>A site of its own.</summary>
    internal static IReadOnlyList<Runner> Wire(Ground ground) => throw new NotSupportedException(ground.Folder.Path);
}
