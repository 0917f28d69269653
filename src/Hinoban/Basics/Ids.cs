using System.Globalization;

namespace Hinoban.Basics;

/// <summary>A customer's stable id: lower case, digits, hyphens (<c>sample-trading</c>).</summary>
internal readonly record struct CustomerId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A vantage point (監視拠点), such as <c>tokyo</c>.</summary>
internal readonly record struct SiteName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>One thing that is watched (host check or service). Given once by the desk, survives renames, never reused.</summary>
internal readonly record struct ItemId(int Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An incident's number inside the desk's database; people see <see cref="IncidentNumber"/>.</summary>
internal readonly record struct IncidentId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What people call an incident: <c>INC-260414-0007</c>, the day in the customer's time zone and a count within it.</summary>
internal static class IncidentNumber
{
    internal static string Of(DateOnly day, int countOfDay) =>
        string.Create(CultureInfo.InvariantCulture, $"INC-{day:yyMMdd}-{countOfDay:0000}");

    /// <summary>Of an incident that a site opens while the desk is away: <c>INC-A12-3</c>, from item and episode alone, so that all sites call it the same.</summary>
    internal static string Away(ItemId item, int episode) => string.Create(CultureInfo.InvariantCulture, $"INC-A{item.Value}-{episode}");
}
