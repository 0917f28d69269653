using Hinoban.Basics;

namespace Hinoban.Server.Verbs;

/// <summary>What <c>hinoban spec</c> says besides the problems.</summary>
internal static class SpecVerbText
{
    internal static readonly Text Accepted = new("問題ありません", "ok");
    internal static readonly Text NotAccepted = new("受け付けられません", "not accepted");
    internal static readonly Text AllSites = new(
        "監視拠点の指定がないため、事業者の全拠点で監視します。ここでは tokyo と osaka の例を示します。",
        "It names no sites: all sites of the provider look. Shown for tokyo and osaka.");

    internal static readonly Text BeforeEach = new("各監視項目の前に内訳を示します。", "the terms stand before each item.");

    internal static Text AsRun(string file) => new($"{file}: すべての既定値を補った内容です。", $"{file}: as the desk would run it, every default shown.");

    internal static Text InDoubt(string before, TimeSpan wait, TimeSpan settle) => new(
        $"{before} の状態が確定していない間は最長{wait.TotalSeconds:0}秒、その復旧の直後は復旧から{settle.TotalSeconds:0}秒以降の最初の監視まで、上記に加えて待つことがあります。停止と確定した場合は、個別のアラートメールは送りません。",
        $"While {before} is itself in doubt, up to {wait.TotalSeconds:0} s more; just after its recovery, until the first look that starts {settle.TotalSeconds:0} s after it. Once it is judged down there is no alert of its own.");

    internal static Text NoItem(string item) => new($"監視項目 {item} はこの仕様書にありません。あるのは:", $"This specification has no item {item}. It has:");

    internal static Text Errors(int errors, int files) => new(
        $"{files}ファイルに誤り{errors}件", $"{Counted.Of(errors, "error")} in {Counted.Of(files, "file")}");

    internal static Text Totals(int customers, int hosts, int items) => new(
        $"お客様{customers}社、ホスト{hosts}台、監視項目{items}件", $"{Counted.Of(customers, "customer")}, {Counted.Of(hosts, "host")}, {Counted.Of(items, "item")}");

    /// <summary>Stands after the sum.</summary>
    internal static Text Rest(int warnings, int notes) => new(
        $"{(warnings > 0 ? $"、警告{warnings}件" : "")}、注意{notes}件",
        $"{(warnings > 0 ? $", {Counted.Of(warnings, "warning")}" : "")}, {Counted.Of(notes, "note")}");
}
