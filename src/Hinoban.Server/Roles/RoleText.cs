using Hinoban.Basics;

namespace Hinoban.Server.Roles;

/// <summary>Why a role cannot start.</summary>
internal static class RoleText
{
    internal static Text OtherSitesKey(string file, SiteName of, SiteName site) => new(
        $"{file} は監視拠点 {of} の鍵です({site} ではありません)", $"{file} is the key of site {of}, not of {site}");
}
