using Hinoban.Basics;

namespace Hinoban.Checks;

/// <summary>Every sentence of our own looks with its Japanese; the more special ones first.</summary>
internal static class LookPhrases
{
    // A phrase within a phrase within a phrase: no sentence of ours is deeper.
    private const int Deepest = 3;

    // What our own look adds to a status line; the line itself is the target's, whatever it says.
    private static readonly Phrase[] AfterStatus =
    [
        new("connection closed after {0} bytes, before the end of the answer", "応答の途中 ({0}バイト受信後) で接続を閉じられました"),
        new("connection closed after {0} bytes", "{0}バイト受信後に接続を閉じられました"),
        new("connection broken after {0} bytes", "{0}バイト受信後に接続が切れました"),
        new("{0*} after {1} bytes", "{1}バイト受信後に{0}"),
        new("answer's head is too long", "ヘッダーが長すぎます"),
        new("chunk without an end", "チャンクの終わりがありません"),
        new("broken Content-Length", "Content-Lengthが正しくありません"),
        new("broken chunk size", "チャンクのサイズが正しくありません"),
        new("redirect without a Location", "リダイレクト先 (Location) がありません"),
        new("redirect to '{0}', which is no http or https address", "リダイレクト先 '{0}' がhttpまたはhttpsのアドレスではありません"),
        new("redirect to {0}, an address of the monitoring site itself", "リダイレクト先 {0} が監視拠点自身のアドレスです"),
        new("redirect loop: back to {0}", "リダイレクトが {0} に戻って循環しています"),
        new("more than {0} redirects", "リダイレクトが{0}回を超えました"),
        new("string '{0}' not found on '{1}'", "文字列 '{0}' が '{1}' にありません"),
        new("body of {0} bytes is not within {1}", "本文の大きさ {0}バイトが範囲 {1} の外です"),
        new("certificate '{0}' expires in {1} days, on {2}", "証明書 '{0}' の有効期限まで{1}日です ({2})"),
        new("certificate '{0}' expired on {1}", "証明書 '{0}' の有効期限が切れています ({1})"),
        new("{0} bytes in {1} second response time", "{0}バイト、応答時間 {1}秒"),
        new("{0} bytes so far)", "ここまで{0}バイト)"),
        new("{0} bytes so far of {1}, after {2} redirects)", "{1} をここまで{0}バイト、リダイレクト{2}回後)"),
    ];

    private static readonly Phrase[] All =
    [
        // What the network says.
        new("connection refused", "接続を拒否されました"),
        new("connection reset", "接続がリセットされました"),
        new("connection timed out", "接続がタイムアウトしました"),
        new("no route to host", "ホストへの経路がありません"),
        new("network unreachable", "ネットワークに到達できません"),
        new("host or network down", "ホストまたはネットワークが停止しています"),
        new("no way there from this machine", "この監視拠点からの経路がありません"),
        new("not permitted on this machine", "この監視拠点では許可されていません"),
        new("too many open sockets on this machine", "この監視拠点のソケット数が上限に達しています"),
        new("no local port or address left on this machine", "この監視拠点で使えるポートまたはアドレスが残っていません"),

        // How far it came.
        new("name not resolved", "名前解決中"),
        new("not connected", "未接続"),
        new("connected, TLS handshake not finished", "接続済み、TLSハンドシェイク中"),
        new("connected, no byte of an answer", "接続済み、応答なし"),
        new("no datagram back", "応答なし"),
        new("truncated over UDP, no answer over TCP", "UDPの応答は途中まで、TCPでは応答なし"),
        new("waiting for what is expected", "期待する応答の待機中"),
        new("waiting for the greeting", "最初の応答の待機中"),
        new("waiting for the answer to {0}", "{0} への応答の待機中"),
        new("waiting for {0}", "{0} の待機中"),
        new("{0} bytes so far", "ここまで{0}バイト"),
        new("{0} bytes so far of {1}, after {2} redirects", "{1} をここまで{0}バイト、リダイレクト{2}回後"),

        // Who was asked inside a host.
        new("the agent of {0} ({1})", "{0} のエージェント ({1})"),
        new("the NRPE daemon of {0} ({1})", "{0} のNRPEデーモン ({1})"),
        new("sshd of {0} ({1})", "{0} のsshd ({1})"),
        new("{0*}; nothing is known of the database at {1}", "{0}。データベース {1} の状態は不明です"),
        new("{0*}; nothing is known of {1}", "{0}。{1} の状態は不明です"),
        new("{0*} does not answer within {1} seconds", "{0} が{1}秒以内に応答しません"),
        new("{0*} does not answer: {1*}", "{0} が応答しません: {1}"),
        new("{0*} does not answer: {1} (is this site allowed there?)", "{0} が応答しません: {1} (この監視拠点からの接続が許可されているか確認してください)"),
        new("{0*} does not answer: {1}", "{0} が応答しません: {1}"),
        new("{0*} is not believed: {1}", "{0} の証明書を信頼できません: {1}"),
        new("TLS with {0*} failed: {1}", "{0} とのTLS接続に失敗しました: {1}"),
        new("{0*} does not speak its protocol: {1}", "{0} の応答がプロトコルに従っていません: {1}"),
        new("no log-in at {0*}: {1}", "{0} にログインできません: {1}"),
        new("the connection to {0*} was cut while the plugin ran", "プラグインの実行中に {0} との接続が切断されました"),

        .. NoAnswers(),
        .. Answers(),
        .. AfterStatus,

        // Last, for its hole takes much.
        new("{0*} ({1})", "{0} ({1})"),
    ];

    /// <summary>Null: none of ours.</summary>
    internal static string? Ja(string said) => Ja(said, 0);

    /// <summary>Of what stands beside a status line; null: none of ours.</summary>
    internal static string? JaAfterStatus(string said)
    {
        foreach (var phrase in AfterStatus)
        {
            if (phrase.Say(said, Ja) is { } ja)
            {
                return ja;
            }
        }

        return null;
    }

    private static string? Ja(string said, int depth)
    {
        if (depth > Deepest)
        {
            return null;
        }

        foreach (var phrase in All)
        {
            if (phrase.Say(said, inner => Ja(inner, depth + 1)) is { } ja)
            {
                return ja;
            }
        }

        return null;
    }

    private static Phrase[] NoAnswers() =>
    [
        new("name not resolved in time: {0}", "時間内に名前を解決できません: {0}"),
        new("name not resolved: {0}", "名前を解決できません: {0}"),
        new("cannot open a connection to {0}: {1*}", "{0} への接続を開始できません: {1}"),
        new("cannot open a connection to {0}: {1}", "{0} への接続を開始できません: {1}"),
        new("host unreachable ({0})", "ホストに到達できません ({0})"),
        new(
            "this program may not send ICMP: give it the capability CAP_NET_RAW (setcap cap_net_raw+ep FILE, or AmbientCapabilities= of its systemd unit)",
            "このプログラムにICMPの送信が許可されていません。ケーパビリティ CAP_NET_RAW を与えてください (setcap cap_net_raw+ep FILE、またはsystemdユニットの AmbientCapabilities=)"),
        new("no ICMP on this machine: {0*}", "この監視拠点ではICMPを使えません: {0}"),
        new("Packet loss = 100%, no answer from {0} within {1} seconds", "パケット損失 100%、{0} から{1}秒以内に応答がありません"),
        new("Packet loss = {0}%, RTA = {1} ms", "パケット損失 {0}%、RTA {1} ms"),
        new("no answer from {0} within {1} seconds ({2*})", "{0} から{1}秒以内に応答がありません ({2})"),
        new("no answer from {0} within {1} seconds", "{0} から{1}秒以内に応答がありません"),
        new("no answer within {0} seconds ({1*})", "{0}秒以内に応答がありません ({1})"),
        new("connection closed before any byte of an answer ({0})", "応答がないまま接続を閉じられました ({0})"),
        new("connection closed before any byte of an answer", "応答がないまま接続を閉じられました"),
        new("TLS handshake failed: {0*}", "TLSハンドシェイクに失敗しました: {0}"),
        new("TLS handshake failed: {0}", "TLSハンドシェイクに失敗しました: {0}"),
    ];

    private static Phrase[] Answers() =>
    [
        new("answer not complete within {0} seconds ({1*}, it said '{2}')", "{0}秒以内に応答が完了しません ({1}、受信内容 '{2}')"),
        new("answer not complete within {0} seconds ({1*})", "{0}秒以内に応答が完了しません ({1})"),
        new("connection closed after {0} bytes, it said '{1}'", "{0}バイト受信後に接続を閉じられました。受信内容 '{1}'"),
        new("return code of {0} is out of bounds: {1}", "終了コード {0} は範囲外です: {1}"),
        new("{0*} after {1} bytes, it said '{2}'", "{1}バイト受信後に{0}。受信内容 '{2}'"),
        new("invalid HTTP answer: {0*}", "HTTPの応答として正しくありません: {0}"),
        new("invalid HTTP answer: {0}", "HTTPの応答として正しくありません: {0}"),
        new("invalid answer: {0*}", "応答が正しくありません: {0}"),
        new("invalid answer: {0}", "応答が正しくありません: {0}"),
        new("refused: it does not offer STARTTLS", "STARTTLSに対応していません"),
        new("refused: what is expected is not in its answer '{0}'", "期待する文字列が応答 '{0}' にありません"),
        new("refused: '{0}' is not in its greeting '{1}'", "'{0}' が最初の応答 '{1}' にありません"),
        new("refused: '{0}' is not among {1}", "'{0}' が {1} に含まれていません"),
        new("refused: no {0} record of {1}", "{1} の {0} レコードがありません"),
        new("refused: {0}", "拒否されました: {0}"),
        new("redirect to {0}, and there {1*}", "リダイレクト先 {0} で{1}"),
        new("the connection is closed before any byte of an answer", "応答がないまま接続を閉じられました"),
        new("the connection is broken: {0*}", "接続が切れました: {0}"),
        new("the connection is broken: {0}", "接続が切れました: {0}"),
        new("not an HTTP answer", "HTTPではありません"),
        new("not an HTTP status line", "HTTPのステータス行ではありません"),
        new("an answer to another question", "別の問い合わせへの応答です"),
        new("not DNS: {0}", "DNSの応答ではありません: {0}"),
        new("went on in the clear after it had agreed to TLS", "TLSに同意した後、平文で通信を続けました"),
        new("more than {0} would say", "{0} としては長すぎる応答です"),
        new("not {0}: '{1}'", "{0} の応答ではありません: '{1}'"),
        new("certificate '{0}' is not trusted: expired on {1}, {2}", "証明書 '{0}' を信頼できません: 有効期限切れ ({1})、{2}"),
        new("certificate '{0}' is not trusted: {1*}", "証明書 '{0}' を信頼できません: {1}"),
        new("certificate '{0}' is not trusted: {1}", "証明書 '{0}' を信頼できません: {1}"),
        new("it is for another name", "別の名前の証明書です"),

        // All is well, or slow.
        new("{0} second response time on {1} port {2#} [{3}]", "{1} ポート{2}、応答時間 {0}秒 [{3}]"),
        new("{0} second response time on {1} port {2#}", "{1} ポート{2}、応答時間 {0}秒"),
        new("{0@}: {1*}", "{0}: {1}"),
    ];
}
