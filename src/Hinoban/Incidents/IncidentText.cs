using Hinoban.Basics;

namespace Hinoban.Incidents;

/// <summary>What incidents say in words.</summary>
internal static class IncidentText
{
    internal static readonly Text ItemRemoved = new("監視仕様書から項目が削除されました", "The item left the monitoring specification");
    internal static readonly Text OverUnclaimed = new("対応開始前に解消しました", "Over before anybody had claimed it");
}
