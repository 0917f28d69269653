using Hinoban.Basics;

namespace Hinoban.Server.Verbs;

/// <summary>What <c>hinoban site key</c> says.</summary>
internal static class SiteKeyText
{
    internal static readonly Text NotPinned = new(
        "監視センターの証明書は固定していません。https で接続する場合は、監視拠点のマシンが信頼する認証局で検証します",
        "No desk certificate is pinned: over https the site will verify it by the authorities its machine trusts");

    internal static readonly Text FingerprintWrong = new(
        "--desk-fingerprint には auto、none、または SHA-256 フィンガープリント(16進64桁)を指定してください",
        "--desk-fingerprint is auto, none, or a SHA-256 fingerprint (64 hex digits)");

    internal static Text NameWrong(string name) => new(
        $"監視拠点名「{name}」は使用できません。英小文字・数字・ハイフンで40文字以内にしてください",
        $"\"{name}\" cannot be a site's name: lower-case letters, digits and hyphens, at most 40");

    internal static Text Exists(string path) => new(
        $"{path} はすでに存在します。上書きはしません", $"{path} exists already and is not overwritten");

    internal static Text Failed(string why) => new($"鍵を作成できませんでした: {why}", $"The key could not be made: {why}");

    internal static Text Made(string site, string path, string fingerprint) => new(
        $"監視拠点 {site} の鍵を作成し、監視センターに登録しました: {path}(所有者のみ読み取り可。安全な経路で監視拠点へ移してください)\n監視センターの設定 sites に {site} がなければ追加してください\n公開鍵のフィンガープリント: {fingerprint}",
        $"Made a key for site {site} and registered it with the desk: {path} (readable by its owner only; carry it to the site over a safe way)\nIts results are taken once the desk's setting sites names it\nPublic key fingerprint: {fingerprint}");

    internal static Text Pinned(string fingerprint) => new(
        $"固定した監視センターの証明書の SHA-256 フィンガープリント: {fingerprint}", $"Pinned desk certificate, SHA-256: {fingerprint}");

    internal static Text Revoked(string site, int keys) => new(
        $"監視拠点 {site} の鍵を {keys} 件失効させました", $"Revoked {keys} key(s) of site {site}");

    internal static Text NoSuchKey(string site) => new(
        $"監視拠点 {site} に該当する有効な鍵はありません", $"Site {site} has no such valid key");
}
