using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Console.Incidents;

/// <summary>What the console says of storms (アラート集約).</summary>
internal static class ConsoleTextStorm
{
    internal static Text Title { get; } = new("同時に障害となったホスト", "Hosts that failed together");

    internal static Text Separate { get; } = new("個別に扱う", "Treat on its own");

    internal static Text SeparateHint { get; } = new(
        "このホストを集約から外し、個別のインシデントとして通知します", "Takes this host out: it gets an incident and an alert of its own");

    internal static Text SeparatedNow { get; } = new("個別のインシデントにしました", "It has an incident of its own now");

    internal static Text Down { get; } = new("このホストが再び障害になりました", "This host itself fails again");

    internal static Text HostIsBack { get; } = new("このホストは復旧済み", "this host works again");

    internal static Text More(int hosts) => new($"+{hosts}台", hosts == 1 ? "+1 host" : $"+{hosts} hosts");

    internal static Text MoreLong { get; } = new("同じ原因とみて、このインシデントにまとめたホスト", "Hosts taken as one problem with this one");

    internal static Text StillFailing(int failing, int all) => new($"{all}台中 {failing}台が障害中", $"{failing} of {all} still fail");

    internal static Text Hint(StormView storm) => new(
        $"{Cause(storm.Kind, storm.Cause, storm.Name).Ja}とみて、このインシデントにまとめ、個別のメールは送りません。原因が異なるホストは「個別に扱う」で切り離せます。",
        $"Taken as one problem of {Cause(storm.Kind, storm.Cause, storm.Name).En}; they get no mails of their own. Treat a host on its own if its cause is another.");

    internal static Text Joined(StormJoined e) => new(
        $"{e.Host} もほぼ同時に障害となったため、このインシデントにまとめました: {Cause(e.Cause, e.CauseName, Text.Same(e.CauseName)).Ja}",
        $"{e.Host} failed at about the same time and was taken as one problem with this host: {Cause(e.Cause, e.CauseName, Text.Same(e.CauseName)).En}");

    internal static Text CrowdJoined(int hosts, int services) => (hosts, services) switch
    {
        (_, 0) => new($"{hosts:N0}台をこのインシデントにまとめました", $"{hosts:N0} hosts joined this incident"),
        (0, _) => new($"サービス {services:N0}件をこのインシデントに含めました", $"{services:N0} services joined this incident"),
        _ => new($"{hosts:N0}台とサービス {services:N0}件をこのインシデントにまとめました", $"{hosts:N0} hosts and {services:N0} services joined this incident"),
    };

    internal static Text CrowdBack(int hosts) => new($"{hosts:N0}台が復旧しました", $"{hosts:N0} hosts work again");

    internal static Text Left(StormLeft e, Text who) => e.Why switch
    {
        StormExit.Back => new($"{e.Host} が復旧しました", $"{e.Host} works again"),
        StormExit.StormOver => new($"集約を終了しました: {e.Host} は障害が続いているため、あらためて判定します", $"The storm is over: {e.Host} still fails and is judged anew"),
        StormExit.Separated => new($"{who.Ja} が {e.Host} を個別のインシデントにしました", $"{who.En} had {e.Host} treated on its own"),
        StormExit.ItemRemoved => new($"{e.Host} が監視仕様書から削除されました", $"{e.Host} left the monitoring specification"),
    };

    internal static Text Back(LeadBack e) => new(
        $"このホストは復旧しましたが、ほか{e.StillFailing}台の障害が続いているため、インシデントは継続します",
        $"This host works again; as {e.StillFailing} others still fail, the incident goes on");

    internal static Text WasSeparated(Separated e, Text who) => new($"{who.Ja} が {e.From} から切り離しました", $"{who.En} took it out of {e.From}");

    internal static Text Stand(StormHostView host) => host.Left is not { } left ? Text.Same("DOWN") : left switch
    {
        StormExit.Back => host.Own is null ? Text.Same("UP") : new Text("再び障害 (個別)", "fails again, on its own"),
        StormExit.StormOver => new Text("個別に判定", "judged on its own"),
        StormExit.Separated => new Text("個別に扱い中", "on its own"),
        StormExit.ItemRemoved => new Text("監視終了", "no longer watched"),
    };

    private static Text Cause(CauseKind kind, string cause, Text name) => kind switch
    {
        CauseKind.Vendor => new($"データセンター・事業者 {name.Ja} の障害", $"datacentre or vendor {name.En}"),
        CauseKind.Network => new($"ネットワーク経路 {cause} の障害", $"the network or the path to {cause}"),
    };
}
