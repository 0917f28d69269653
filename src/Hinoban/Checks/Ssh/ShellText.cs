using Hinoban.Basics;

namespace Hinoban.Checks.Ssh;

/// <summary>What a transcript says where the customer's host said nothing.</summary>
internal static class ShellText
{
    internal static readonly Text NoHostKey = new(
        "仕様書に正しい形式のSSHホスト鍵がないため、接続しません", "The specification pins no well-formed SSH host key: no connection is made");
    internal static readonly Text BadTarget = new(
        "アドレス、ユーザー名、ポートのいずれかがSSH接続に使えません", "Address, user or port cannot be used for SSH");
    internal static readonly Text BadCommand = new("コマンドが空か、使えない文字を含んでいます", "The command is empty or holds a NUL character");
    internal static readonly Text HostKeyDiffers = new(
        "ホスト鍵が仕様書と一致しません。なりすましか再構築の可能性があります。接続を中止しました",
        "The host key is not the pinned one (another machine, or rebuilt): the connection was refused");
    internal static readonly Text LoginRefused = new("ホストがログインを拒否しました(鍵またはユーザー)", "The host refused the log-in (key or user)");
    internal static readonly Text Refused = new("SSH接続が拒否されました", "The SSH connection was refused");
    internal static readonly Text NoAnswer = new("SSH接続に応答がありません(タイムアウト)", "No answer to the SSH connection (time-out)");
    internal static readonly Text Unreachable = new("ホストに到達できません", "The host cannot be reached");
    internal static readonly Text NameUnresolved = new("ホスト名を解決できません", "The host's name does not resolve");
    internal static readonly Text KeyFileOpen = new(
        "監視センターの秘密鍵ファイルの権限が広すぎます(600にしてください)", "The desk's private key file is readable by others (make it mode 600)");
    internal static readonly Text ClosedEarly = new("ホストがログイン前に接続を閉じました", "The host closed the connection before the log-in");
    internal static readonly Text NoLogin = new("SSHでログインできませんでした", "The SSH log-in did not succeed");
    internal static readonly Text NoProgram = new("sshコマンドを起動できません", "The ssh program cannot be started");

    internal static Text ServerKey(string key) => new($"ホストが示した鍵: {key}", $"key shown by the host: {key}");

    internal static Text LeftOut(long bytes) => new($"…({bytes}バイト省略)…", $"… ({bytes} bytes left out) …");
}
