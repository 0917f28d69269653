using System.Globalization;

namespace Hinoban.Checks;

/// <summary>What a server's certificate means: days left, whether it is trusted.</summary>
internal static class CertificateRules
{
    /// <summary>Whole days until the certificate ends, negative once it has.</summary>
    internal static int DaysLeft(ServerCertificate certificate, DateTimeOffset nowUtc) => (int)Math.Floor((certificate.NotAfter - nowUtc).TotalDays);

    /// <summary>The status its days deserve, and why in words, empty where all is well or nothing is asked.</summary>
    internal static (CheckStatus Status, string Words) Judge(ServerCertificate? certificate, int? warnDays, int? critDays, DateTimeOffset nowUtc)
    {
        if (certificate is null || (critDays ?? warnDays) is null)
        {
            return (CheckStatus.Ok, "");
        }

        var days = DaysLeft(certificate, nowUtc);
        var status = days < critDays || HasEnded(certificate, nowUtc) ? CheckStatus.Critical
            : days < warnDays ? CheckStatus.Warning
            : CheckStatus.Ok;
        var when = HasEnded(certificate, nowUtc) ? "expired on" : $"expires in {days} days, on";
        return (status, status == CheckStatus.Ok ? "" : $"certificate '{certificate.Subject}' {when} {Day(certificate.NotAfter)} - ");
    }

    /// <summary>Why it is not trusted.</summary>
    internal static string Untrusted(ServerCertificate certificate, DateTimeOffset nowUtc)
    {
        var ended = HasEnded(certificate, nowUtc) ? $"expired on {Day(certificate.NotAfter)}, " : "";
        return $"certificate '{certificate.Subject}' is not trusted: {ended}{certificate.Trouble}";
    }

    internal static string Perfdata(ServerCertificate certificate, int? warnDays, int? critDays, DateTimeOffset nowUtc) =>
        $"certificate_days={DaysLeft(certificate, nowUtc)};{warnDays}:;{critDays}:";

    // RFC 5280 §4.1.2.5: valid through its last instant, inclusive.
    private static bool HasEnded(ServerCertificate certificate, DateTimeOffset nowUtc) => certificate.NotAfter < nowUtc;

    private static string Day(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
