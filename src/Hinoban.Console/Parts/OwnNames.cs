using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Specs;

namespace Hinoban.Console.Parts;

/// <summary>What the desk watches of its own works, by the names that people have for it.</summary>
internal static class OwnNames
{
    /// <summary>An incident's item: the provider's own by its name, a customer's as its specification calls it.</summary>
    internal static Text Of(IncidentRow row) =>
        row.Own ? Of(row.Host, row.Service) : Text.Same(row.Service.Length == 0 ? row.Host : $"{row.Host}/{row.Service}");

    internal static Text Of(string host, string service) => (host, service) switch
    {
        (ProviderPlan.Sites, var site) => new($"監視拠点 {site} の応答", $"Site {site} answers"),
        (ProviderPlan.Paths, var site) => new($"監視拠点 {site} からの経路", $"Ways out of site {site}"),
        (ProviderPlan.Spools, var site) => new($"監視拠点 {site} の結果の保管", $"Site {site} keeps its results"),
        (ProviderPlan.Peers, var pair) => new($"監視拠点どうしの通信({pair})", $"Sites hear each other ({pair})"),
        (ProviderPlan.DeskHost, ProviderPlan.Engine) => new("監視センターの処理", "The desk's own work"),
        (ProviderPlan.DeskHost, ProviderPlan.Standby) => new("監視センターの待機ノードと複製", "Another node and a copy stand by"),
        (ProviderPlan.DeskHost, ProviderPlan.Arrival) => new("メールの到達確認", "Test mail comes back"),
        (ProviderPlan.DeskHost, ProviderPlan.Mail) => new("メール中継サーバーへの送信", "Mail relay takes mail"),
        (ProviderPlan.Lists, var customer) => new($"メーリングリスト {customer} への配送", $"Members of {customer}'s list get mail"),
        _ => Text.Same(service.Length == 0 ? host : $"{host}/{service}"),
    };
}
