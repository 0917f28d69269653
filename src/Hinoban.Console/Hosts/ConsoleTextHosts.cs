using Hinoban.Basics;

namespace Hinoban.Console.Hosts;

/// <summary>The words of hosts and services.</summary>
internal static class ConsoleTextHosts
{
    internal static Text Title { get; } = new("ホストとサービス", "Hosts and services");

    internal static Text AllCustomers { get; } = new("すべてのお客様", "All customers");

    internal static Text Customer { get; } = new("お客様", "Customer");

    internal static Text Search { get; } = new("ホスト・サービス・アドレスで絞り込み", "Filter by host, service, address");

    internal static Text ProblemsOnly { get; } = new("異常のみ", "Problems only");

    internal static Text Apply { get; } = new("絞り込む", "Apply");

    internal static Text NoneFound { get; } = new("条件に合うホストはありません", "No host matches");

    internal static Text AllWell { get; } = new("異常のあるホストはありません", "No host has a problem");

    internal static Text More { get; } = new("さらに表示", "Show more");

    internal static Text AllServices(int services) => new($"サービス {services:N0}件すべてを見る", $"See all {services:N0} services");

    internal static Text Host { get; } = new("ホスト", "Host");

    internal static Text Service { get; } = new("サービス", "Service");

    internal static Text State { get; } = new("状態", "State");

    internal static Text Output { get; } = new("出力", "Output");

    internal static Text SitesWord { get; } = new("拠点", "Sites");

    internal static Text Last { get; } = new("最終確認", "Last look");

    internal static Text Address { get; } = new("アドレス", "Address");

    internal static Text Machine { get; } = new("種別", "Machine");

    internal static Text Interval { get; } = new("監視間隔", "Interval");

    internal static Text Revision { get; } = new("改訂", "Revision");

    internal static Text OpenIncident { get; } = new("インシデントを開く", "Open incident");

    internal static Text InStorm { get; } = new(
        "ほかのホストと同時に障害となったため、同じ原因とみて1つのインシデントにまとめています。個別のメールは送りません。",
        "It failed together with others and was taken as one problem with them: it gets no mails of its own.");

    internal static Text DependsOn { get; } = new("依存先", "Depends on");

    internal static Text DependsOnAll { get; } = new("依存先(すべて必要)", "Depends on (all of)");

    internal static Text DependsOnAny { get; } = new("依存先(どれか1つ)", "Depends on (any of)");

    internal static Text Depends(string cause) => new(
        $"依存先の {cause} に障害があるため、そのインシデントに含めています。個別のメールは送りません。復旧後も異常が続けば、あらためて知らせます。",
        $"{cause}, which it depends on, fails: it belongs to that incident and gets no mails of its own. If it goes on failing when that has recovered, it is told then.");

    internal static Text Confirming { get; } = new("確認中", "being confirmed");

    internal static Text IncidentOf(string host) => new($"{host} のインシデントを開く", $"Open the incident of {host}");

    internal static Text OpenHost(string host) => new($"{host} の詳細", $"Details of {host}");

    internal static Text Count(int hosts, int items, int failing) => failing == 0
        ? new($"{hosts:N0}台・{items:N0}項目、すべて正常", $"{hosts:N0} hosts, {items:N0} items, all well")
        : new($"{hosts:N0}台・{items:N0}項目、異常 {failing:N0}", $"{hosts:N0} hosts, {items:N0} items, {failing:N0} failing");
}
