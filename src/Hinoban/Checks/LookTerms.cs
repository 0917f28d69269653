using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>An item's thresholds in the reader's language. They are kept as they were when a problem began, in one language; numbers and the words WARN and CRIT are everybody's, a log's patterns and a plugin's command are the customer's.</summary>
internal static class LookTerms
{
    private const string Between = " / ";

    private static readonly Phrase[] All =
    [
        new("status < 400", "ステータス 400未満"),
        new("status {0}", "ステータス {0}"),
        new("contains \"{0}\"", "文字列 \"{0}\" を含む"),
        new("certificate WARN {0} d, CRIT {1} d", "証明書の残り WARN {0}日、CRIT {1}日"),
        new("size {0}", "本文 {0} バイト"),
        new("expect {0}", "期待する応答 {0}"),
        new("freshness {0}", "鮮度 {0}"),
        new("{0} per core", "{0} (コアあたり)"),
        new("WARN {0}% used ({1}% free)", "WARN 使用率 {0}% (空き {1}%)"),
        new("CRIT {0}% used ({1}% free)", "CRIT 使用率 {0}% (空き {1}%)"),
        new("{0} used", "{0} (使用率)"),
        new("WARN {0} ms", "WARN {0} ms"),
        new("CRIT {0} ms", "CRIT {0} ms"),
        new("WARN {0} s", "WARN {0}秒"),

        // What the desk watches of its own works.
        new("CRIT silent or isolated {0} s", "CRIT 無応答または孤立 {0}秒"),
        new("CRIT results not kept {0} s, or given up", "CRIT 結果を保管できない {0}秒、または破棄"),
        new("CRIT no node or no copy {0} min", "CRIT 待機ノードまたは複製の不在 {0}分"),
        new("CRIT path trouble {0} min", "CRIT 経路障害 {0}分"),
        new("CRIT a member gets no mail", "CRIT メールが届かない登録者"),
        new("CRIT test mail late", "CRIT 確認メールが戻らない"),
        new("CRIT apart {0} s", "CRIT 拠点間の通信断 {0}秒"),
        new("CRIT relay away {0} min", "CRIT メール中継サーバーの無応答 {0}分"),
        new("CRIT late {0} s", "CRIT 遅れ {0}秒"),
        new("CRIT {0} s", "CRIT {0}秒"),
    ];

    internal static Text Of(string kind, string thresholds) =>
        kind is "plugin" or "" or LogLookPlan.Word ? Text.Same(thresholds) : new Text(string.Join(Between, thresholds.Split(Between).Select(Ja)), thresholds);

    private static string Ja(string term) => All.Select(p => p.Say(term, static _ => null)).FirstOrDefault(said => said is not null) ?? term;
}
