using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;
using static System.FormattableString;

namespace Hinoban.Notifying;

/// <summary>The words of the mails.</summary>
internal static class NoticeText
{
    internal const string EnglishRule = "--- English ---";

    internal static readonly Text AlertOpening = new(
        "監視センターです。下記の障害を検知いたしましたので、お知らせいたします。",
        "This is the monitoring centre. We have detected the following problem.");

    internal static readonly Text RecoveryOpening = new(
        "監視センターです。下記の障害につきまして、復旧を検知いたしました。",
        "This is the monitoring centre. The following problem has recovered.");

    internal static readonly Text RemovedOpening = new(
        "監視センターです。下記の項目は監視仕様書の改訂により監視対象から外れましたので、本障害の監視を終了いたしました。正常な応答を確認したものではございません。",
        "This is the monitoring centre. The item below has left the monitoring specification, so this problem is no longer watched. It has not been seen working.");

    internal static readonly Text AlertClosing = new(
        "担当者が確認を始めます。対応の結果は、このメールへの返信でお知らせいたします。",
        "An operator is now checking. The result will follow as a reply to this mail.");

    internal static readonly Text RecoveryClosing = new(
        "対応のご報告は別途お送りいたします。",
        "A response report will follow.");

    internal static readonly Text Kind = new("通知種別", "Notification");
    internal static readonly Text Problem = new("PROBLEM (障害検知)", "PROBLEM");
    internal static readonly Text Recovery = new("RECOVERY (復旧検知)", "RECOVERY");
    internal static readonly Text Removed = new("監視終了", "no longer watched");
    internal static readonly Text Number = new("インシデント番号", "Incident");
    internal static readonly Text Contract = new("契約番号", "Contract");
    internal static readonly Text Host = new("ホスト", "Host");
    internal static readonly Text Item = new("監視項目", "Item");
    internal static readonly Text HostCheck = new("ホスト監視", "host check");
    internal static readonly Text StateNow = new("状態", "State");
    internal static readonly Text Detected = new("検知日時", "Detected");
    internal static readonly Text FirstFailure = new("最初の異常", "First failure");
    internal static readonly Text RecoveredAt = new("復旧日時", "Recovered");
    internal static readonly Text Ended = new("監視終了日時", "Ended");
    internal static readonly Text Duration = new("継続時間", "Duration");
    internal static readonly Text Sites = new("拠点判定", "Sites");
    internal static readonly Text PathTrouble = new("経路障害", "path-trouble");
    internal static readonly Text Value = new("取得値", "Output");
    internal static readonly Text NoValueWord = new("取得不能", "no value");
    internal static readonly Text Thresholds = new("しきい値", "Thresholds");
    internal static readonly Text FirstResponse = new("一次対応", "First response");
    internal static readonly Text NoRunbook = new("手順の指定なし (担当者が状況を確認し、ご連絡いたします)", "no procedure agreed (an operator will check and contact you)");
    internal static readonly Text Edition = new("監視仕様書", "Specification");
    internal static readonly Text ServicesNow = new("このホストの監視項目 (個別のメールはお送りいたしません):", "Services of this host (not mailed on their own):");
    internal static readonly Text NotKnown = new("確認中", "not known yet");

    internal static readonly Text CutOff = new(
        "このホストの停止により到達できないホスト (個別のメールはお送りいたしません):", "Hosts behind it that it cuts off (not mailed on their own):");

    internal static readonly Text WereCutOff = new(
        "到達できなかったホストの現在の状態 (停止が続いているホストは別途お知らせいたします):", "Hosts that it had cut off, as they are now (one that stays down is mailed on its own):");

    internal static readonly Text Unreachable = new("UNREACHABLE (到達不能)", "UNREACHABLE");

    internal static readonly Text FlappingOpening = new(
        "監視センターです。下記の監視項目は、短い間に異常と復旧を繰り返しております(フラッピング)。",
        "This is the monitoring centre. The item below keeps failing and recovering within short times (flapping).");

    internal static readonly Text FlappingKind = new("FLAPPINGSTART (フラッピング検知)", "FLAPPINGSTART");

    internal static readonly Text FlappingNote = new(
        "※異常と復旧を繰り返しているため(フラッピング)、状態が安定するまで変化ごとのメールはお送りいたしません。正常に安定いたしましたら、復旧を一度お知らせいたします。",
        "Note: it keeps failing and recovering (flapping). Until it has settled, changes are not mailed one by one; once it has settled at working, one recovery follows.");

    internal static readonly Text Dependents = new(
        "この監視項目に依存する監視項目 (障害の継続中、個別のメールはお送りいたしません):", "Items that depend on it (not mailed on their own while it fails):");

    internal static readonly Text WereDependents = new(
        "この監視項目に依存する監視項目の現在の状態 (異常が続いている項目は別途お知らせいたします):", "Items that depend on it, as they are now (one that goes on failing is mailed on its own):");

    internal static readonly Text Posted = new("受信した値", "Posted value");

    /// <summary>A passive item's results stay away.</summary>
    internal static Text Missing(string freshness, string? last) => last is null
        ? new($"値が届きません ({freshness}。これまでに一度も受信しておりません)", $"no value comes ({freshness}; none has ever come)")
        : new($"値が届きません ({freshness}。最後の受信: {last})", $"no value comes ({freshness}; the last one came {last})");

    internal static Text MoreHosts(int count) => new(Invariant($"ほか {count} 台"), Invariant($"and {count} more"));

    internal static Text Dear(Text customer) => new($"{customer.Ja} ご担当者様", $"To {customer.En},");

    internal static Text Was(string state) => new($" (前回 {state})", $" (was {state})");

    internal static readonly Text FromTheFirst = new(" (監視の開始時から異常)", " (failing since it is watched)");

    internal static Text Procedure(string key, Text title) => new($"手順 {key} ({title.Ja})", $"procedure {key} ({title.En})");

    internal static Text EditionNumber(int edition) => new(Invariant($"第{edition}版"), Invariant($"edition {edition}"));

    internal static Text AndMore(int count) => new(Invariant($"ほか {count} 項目"), Invariant($"and {count} more"));

    internal static readonly Text AfterSilence = new(
        "※メンテナンス終了後も継続しております(静観・抑止の間は通知を控えておりました)。",
        "Note: still failing after the silence; while it lasted we did not write.");

    internal static readonly Text AwayClosing = new(
        "監視センターが復旧いたしましたら、担当者が確認を始めます。対応の結果は、このメールへの返信でお知らせいたします。",
        "An operator will check as soon as the desk is back. The result will follow as a reply to this mail.");

    internal static Text SpeaksForDesk(SiteName site, IReadOnlyList<SiteName> lookers) => new(
        $"※現在、監視センターが応答できない状態にあるため、監視拠点 {site} が代わってお知らせしております。判定に加わった拠点: {string.Join("、", lookers)}",
        $"Note: the operations desk is not available at the moment; site {site} writes in its place. Sites that judged: {string.Join(", ", lookers)}.");

    internal static Text SpeaksAlone(SiteName site) => new(
        $"※現在、監視センターおよび他の監視拠点と通信できないため、監視拠点 {site} が単独で判定し、お知らせしております。同じ障害について、他の拠点からも同じ件名のメールが届く場合がございます。",
        $"Note: site {site} can reach neither the operations desk nor any other site, and judged alone. Another site may write to you about the same problem, in the same thread.");

    internal static Text SingleSite(string site) => new(
        $"※片系 (1拠点) での判定です。他の拠点の監視結果が得られないため、{site} の結果のみで判定しております。",
        $"Note: judged by a single site. No result is available from the other sites; only {site} was looking.");

    /// <summary>A service's state as Nagios writes it.</summary>
    internal static string State(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "OK",
        CheckStatus.Warning => "WARNING",
        CheckStatus.Critical => "CRITICAL",
        CheckStatus.Unknown => "UNKNOWN",
    };

    /// <summary>A host's state as Nagios writes it.</summary>
    internal static string HostState(CheckStatus status) => status == CheckStatus.Ok ? "UP" : "DOWN";

    /// <summary>One site's part: <c>OK</c> and <c>NG</c> are votes, words are reasons for not voting.</summary>
    internal static Text Vote(VoteKind vote) => vote switch
    {
        VoteKind.Ok => Text.Same("OK"),
        VoteKind.Answer or VoteKind.Transport => Text.Same("NG"),
        VoteKind.VoidSoft => new Text("確認中", "checking"),
        VoteKind.VoidSilent => new Text("拠点通信断", "site-silent"),
        VoteKind.VoidOld => new Text("結果なし", "outdated"),
        VoteKind.VoidUnknown => new Text("未監視", "not-looked"),
        VoteKind.VoidIsolated => new Text("拠点孤立", "site-isolated"),
    };

    /// <summary>Why there is no value.</summary>
    internal static Text Why(NoValue noValue) => noValue switch
    {
        NoValue.None => Text.Same(""),
        NoValue.TimedOut => new Text("時間内に応答がありません", "no answer in time"),
        NoValue.Refused => new Text("接続を拒否されました", "connection refused"),
        NoValue.Unreachable => new Text("経路がありません", "unreachable"),
        NoValue.NameUnresolved => new Text("名前を解決できません", "name does not resolve"),
        NoValue.TlsCut => new Text("TLSの接続が切断されました", "TLS handshake cut"),
        NoValue.Garbage => new Text("応答を解釈できません", "answer not understood"),
        NoValue.PluginFailed => new Text("プラグインが異常終了しました", "plugin failed"),
        NoValue.PluginMissing => new Text("プラグインを実行できません", "plugin cannot be run"),
        NoValue.EngineFault => new Text("監視側の都合で取得できません", "could not look"),
        NoValue.NotPosted => new Text("期限内に値が届きません", "no result came in time"),
    };
}
