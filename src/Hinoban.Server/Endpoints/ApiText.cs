using Hinoban.Basics;

namespace Hinoban.Server.Endpoints;

/// <summary>What the API says when something is refused.</summary>
internal static class ApiText
{
    internal static readonly Text Unauthorized = new("認証が必要です", "Not authenticated");
    internal static readonly Text TokenNeeded = new(
        "Authorization: Bearer に有効なAPIトークンを指定してください(hinoban token add で発行)", "Send a valid API token as Authorization: Bearer; 'hinoban token add' makes one");

    internal static readonly Text TooMany = new("試行回数が多すぎます", "Too many tries");
    internal static readonly Text TooManyDetail = new("無効なトークンが続いています。しばらく待ってください", "Invalid tokens came one after the other; wait a while");
    internal static readonly Text Forbidden = new("許可されていません", "Not allowed");
    internal static readonly Text ViewersRead = new("閲覧者(viewer)は操作できません", "A viewer may look and not act");
    internal static readonly Text SendersPost = new("送信元(sender)のトークンは結果の送信だけに使えます", "A sender's token posts results and nothing else");
    internal static readonly Text NotFound = new("見つかりません", "Not found");
    internal static readonly Text NoSuchIncident = new("このインシデントはありません", "There is no such incident");
    internal static readonly Text NoSuchService = new("この監視項目はありません", "There is no such service");
    internal static readonly Text NoSuchHost = new("このホストはありません", "There is no such host");
    internal static readonly Text NoSuchStep = new("このインシデントの手順書にこの手順はありません", "The incident's runbook has no such step");
    internal static readonly Text NoSuchRoute = new("このURLのAPIはありません", "There is no such API at this URL");
    internal static readonly Text Conflict = new("現在の状態では実行できません", "Not possible as things stand");
    internal static readonly Text Invalid = new("入力が正しくありません", "The input is not right");
    internal static readonly Text ConfirmationNeeded = new("確認が必要です", "Confirmation needed");
    internal static readonly Text ConfirmationDetail = new(
        "この手順はサーバーを変更します。host と command を確認し、confirm_host と confirm_command に同じ値を指定してください",
        "This step changes a machine; check host and command and send the same values as confirm_host and confirm_command");

    internal static readonly Text BadJson = new("JSONとして読めません", "Not readable as JSON");
    internal static readonly Text BadBody = new("本文を最後まで読めません", "The body could not be read to its end");
    internal static readonly Text Unavailable = new("データベースに書き込めません", "The database takes no changes");
    internal static readonly Text UnavailableDetail = new(
        "監視センターのディスクまたはデータベースの障害です。何も記録されていません。/healthz をご覧ください", "The desk's disk or database is in trouble; nothing was recorded. See /healthz");

    internal static readonly Text NotJson = new("Content-Type: application/json のJSONオブジェクトを送ってください", "Send a JSON object with Content-Type: application/json");
    internal static readonly Text UnsupportedType = new("この形式は受け付けません", "This form is not taken");
    internal static readonly Text TooLarge = new("本文が大きすぎます", "The body is too large");
    internal static readonly Text MethodNotAllowed = new("このメソッドは使えません", "This method is not possible here");
    internal static readonly Text Broken = new("内部エラーです。ログをご覧ください", "Internal error; see the log");
    internal static readonly Text NotPositive = new("limit は1から1000までの整数です", "limit is a whole number from 1 to 1000");
    internal static readonly Text StateWrong = new("state は open または closed です", "state is open or closed");
    internal static readonly Text RangeWrong = new("from と to はRFC 3339の日時で、31日以内の範囲にしてください", "from and to are RFC 3339 instants at most 31 days apart");

    internal static Text TooLargeDetail(int bytes) => new($"上限は{bytes}バイトです", $"At most {bytes} bytes");

    internal static Text UnknownField(string field) => new($"「{field}」という項目はありません", $"There is no field '{field}'");

    internal static Text FieldTwice(string field) => new($"「{field}」が2回あります", $"'{field}' is there twice");

    internal static Text MissingField(string field) => new($"「{field}」がありません", $"'{field}' is missing");

    internal static Text WrongField(string field) => new($"「{field}」の値が正しくありません", $"'{field}' has a wrong value");
}
