using System.Globalization;
using System.Net.Sockets;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>What an HTTP exchange means: status, texts and performance data in check_http's style.</summary>
internal static class HttpRules
{
    private const string Prefix = "HTTP ";
    private const int LongestLocation = 200;

    /// <summary>The exchange came to its end.</summary>
    internal static LookAnswer Judge(HttpLookPlan plan, HttpSight sight, TimeSpan timeout, DateTimeOffset nowUtc)
    {
        var answer = sight.Parser;
        if (answer.Garbage.Length > 0)
        {
            return Garbage(plan, sight, answer.Garbage, timeout, nowUtc);
        }

        var (certificate, words) = CertificateRules.Judge(sight.Certificate, plan.CertificateWarnDays, plan.CertificateCritDays, nowUtc);
        var found = plan.Contains is null || HttpBody.Contains(answer.Body, answer.ContentType, plan.Contains);
        var size = Size(plan, answer.Body.Length);
        var wrong = !Expected(plan, answer.Code) || !found || size.Length > 0 ? CheckStatus.Critical : CheckStatus.Ok;
        var status = Worst(Worst(wrong, certificate), Perf.Judge(sight.Total, plan.Warn, plan.Crit));
        var missing = found ? "" : $"string '{plan.Contains}' not found on '{sight.Url}' - ";
        return new LookAnswer(
            status,
            Reply.Answer,
            NoValue.None,
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP {Perf.Word(status)}: {answer.StatusLine} - {missing}{size}{words}{answer.Bytes} bytes in {sight.Total.TotalSeconds:0.000} second response time"),
            Perfdata: Perfdata(plan, sight, timeout, nowUtc));
    }

    /// <summary>The certificate does not verify: nothing is asked of such a server.</summary>
    internal static LookAnswer Untrusted(HttpLookPlan plan, HttpSight sight, TimeSpan timeout, DateTimeOffset nowUtc)
    {
        return new LookAnswer(
            CheckStatus.Critical,
            Reply.Answer,
            NoValue.None,
            $"HTTP CRITICAL - {CertificateRules.Untrusted(sight.Certificate!, nowUtc)}",
            Perfdata: Perfdata(plan, sight, timeout, nowUtc));
    }

    /// <summary>The time-out came: a path's doing as well as the target's before its first byte, slowness after it.</summary>
    internal static LookAnswer TimedOut(HttpLookPlan plan, HttpSight sight, string target, TimeSpan timeout, DateTimeOffset nowUtc)
    {
        var limit = string.Create(CultureInfo.InvariantCulture, $"{timeout.TotalSeconds:0.###} seconds");
        if (Spoke(sight))
        {
            return new LookAnswer(
                CheckStatus.Critical,
                Reply.Answer,
                NoValue.TimedOut,
                $"HTTP CRITICAL - answer not complete within {limit} ({Status(sight)}{sight.Parser.Bytes} bytes so far{Followed(sight)})",
                Perfdata: Perfdata(plan, sight, timeout, nowUtc));
        }

        var stage = sight.Named is null ? "name not resolved"
            : sight.Connected is null ? "not connected"
            : plan.Tls && sight.Secured is null ? "connected, TLS handshake not finished"
            : "connected, no byte of an answer";
        return LookFailures.Transport(Prefix, NoValue.TimedOut, $"no answer from {target} within {limit} ({stage})");
    }

    /// <summary>The connection broke.</summary>
    internal static LookAnswer Cut(HttpLookPlan plan, HttpSight sight, SocketError error, string target, TimeSpan timeout, DateTimeOffset nowUtc)
    {
        if (IsAway(sight))
        {
            return LedAway(plan, sight, LookFailures.Words(error), timeout, nowUtc);
        }

        if (Spoke(sight))
        {
            return Garbage(plan, sight, $"{LookFailures.Words(error)} after {sight.Parser.Bytes} bytes", timeout, nowUtc);
        }

        return sight.Connected is not null && plan.Tls && sight.Secured is null
            ? TlsCut(LookFailures.Words(error))
            : LookFailures.Of(Prefix, error, target);
    }

    internal static LookAnswer TlsCut(string why) => LookFailures.Transport(Prefix, NoValue.TlsCut, $"TLS handshake failed: {why}");

    /// <summary>The connection was closed in order, and nothing was said over it.</summary>
    internal static LookAnswer NoByte(HttpLookPlan plan, HttpSight sight, string target, TimeSpan timeout, DateTimeOffset nowUtc) => IsAway(sight)
        ? LedAway(plan, sight, "the connection is closed before any byte of an answer", timeout, nowUtc)
        : LookFailures.Transport(Prefix, NoValue.Refused, $"connection closed before any byte of an answer ({target})");

    /// <summary>The target answered, but not in HTTP, or not to the end.</summary>
    internal static LookAnswer Garbage(HttpLookPlan plan, HttpSight sight, string why, TimeSpan timeout, DateTimeOffset nowUtc) => new(
        CheckStatus.Critical,
        Reply.Answer,
        NoValue.Garbage,
        $"HTTP CRITICAL - invalid HTTP answer: {Status(sight)}{why}",
        Perfdata: Perfdata(plan, sight, timeout, nowUtc));

    /// <summary>The connection broke after the target, or what led here, had spoken.</summary>
    internal static LookAnswer Broken(HttpLookPlan plan, HttpSight sight, string why, TimeSpan timeout, DateTimeOffset nowUtc) => IsAway(sight)
        ? LedAway(plan, sight, $"the connection is broken: {why}", timeout, nowUtc)
        : Garbage(plan, sight, $"connection broken after {sight.Parser.Bytes} bytes", timeout, nowUtc);

    /// <summary>A redirect that is to be followed.</summary>
    internal static bool IsRedirect(HttpLookPlan plan, HttpAnswerParser answer) =>
        plan.FollowRedirects && answer.Garbage.Length == 0 && answer.Code is 301 or 302 or 303 or 307 or 308;

    /// <summary>The Location field is the target's own text: shown short.</summary>
    internal static string NoTarget(string location) => location.Length == 0
        ? "redirect without a Location"
        : $"redirect to '{(location.Length > LongestLocation ? location[..LongestLocation] + "…" : location)}', which is no http or https address";

    /// <summary>The target answered with redirects that end at no page.</summary>
    internal static LookAnswer LedNowhere(HttpLookPlan plan, HttpSight sight, string why, TimeSpan timeout, DateTimeOffset nowUtc) => new(
        CheckStatus.Critical,
        Reply.Answer,
        NoValue.None,
        $"HTTP CRITICAL: {Status(sight)}{why}",
        Perfdata: Perfdata(plan, sight, timeout, nowUtc));

    /// <summary>The target spoke, and where its redirect leads nobody does: the target's own doing.</summary>
    private static LookAnswer LedAway(HttpLookPlan plan, HttpSight sight, string why, TimeSpan timeout, DateTimeOffset nowUtc) => new(
        CheckStatus.Critical,
        Reply.Answer,
        NoValue.Garbage,
        $"HTTP CRITICAL: redirect to {(sight.Url.Length > LongestLocation ? sight.Url[..LongestLocation] + "…" : sight.Url)}, and there {why}",
        Perfdata: Perfdata(plan, sight, timeout, nowUtc));

    private static bool IsAway(HttpSight sight) => sight.Redirects > 0 && sight.Parser.Bytes == 0;

    private static string Followed(HttpSight sight) =>
        sight.Redirects > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {sight.Url}, after {sight.Redirects} redirects") : "";

    private static bool Spoke(HttpSight sight) => sight.Spoke || sight.Parser.Bytes > 0;

    private static string Status(HttpSight sight) => sight.Parser.StatusLine.Length > 0 ? $"{sight.Parser.StatusLine} - " : "";

    private static bool Expected(HttpLookPlan plan, int code) => plan.Statuses.Count > 0 ? plan.Statuses.Contains(code) : code < 400;

    private static CheckStatus Worst(CheckStatus a, CheckStatus b) => a > b ? a : b;

    // The parser keeps so many bytes of a body and no more: a greater one counts as that great.
    private static string Size(HttpLookPlan plan, int bytes)
    {
        if (plan.Size is not { } written)
        {
            return "";
        }

        _ = NagiosRange.TryParse(written, out var range);
        return range.Alerts(bytes) ? string.Create(CultureInfo.InvariantCulture, $"body of {bytes} bytes is not within {written} - ") : "";
    }

    private static string Perfdata(HttpLookPlan plan, HttpSight sight, TimeSpan timeout, DateTimeOffset nowUtc)
    {
        var text = $"{Perf.Time(sight.Total, plan.Warn, plan.Crit, timeout)} size={sight.Parser.Bytes}B;;;0{Perf.Stages(sight)}";
        return sight.Certificate is { } c ? $"{text} {CertificateRules.Perfdata(c, plan.CertificateWarnDays, plan.CertificateCritDays, nowUtc)}" : text;
    }
}
