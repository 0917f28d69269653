using System.Globalization;

namespace Hinoban.Console.Shell;

/// <summary>Local times as browsers send them.</summary>
internal static class FormTime
{
    /// <summary>Null for what is none.</summary>
    internal static DateTime? Local(string? text) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? local : null;
}
