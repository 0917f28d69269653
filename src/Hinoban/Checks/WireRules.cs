using System.Globalization;
using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>What a talk over a wire means: status, evidence, texts and performance data in check_tcp's style. Pure.</summary>
internal sealed record WireRules(string Protocol, string Address, int Port, TimeSpan Timeout, DateTimeOffset NowUtc)
{
    private const int LongestBanner = 200;

    internal TimeSpan? Warn { get; init; }

    internal TimeSpan? Crit { get; init; }

    internal TlsPlan Tls { get; init; } = TlsPlan.None;

    /// <summary>A target's own words on one line, short; what it may do to a terminal is the business of whoever shows it.</summary>
    internal static string Short(string words)
    {
        var line = words.ReplaceLineEndings(" ");
        return line.EnumerateRunes().Count() <= LongestBanner ? line
            : line.EnumerateRunes().Take(LongestBanner).Aggregate(new StringBuilder(), (text, rune) => text.Append(rune)).Append('…').ToString();
    }

    internal LookAnswer Judge(WireOutcome outcome, WireSight sight) => outcome.Fate switch
    {
        WireFate.Done => Done(sight),
        WireFate.Denied => Spoken(sight, NoValue.None, $"refused: {Short(outcome.Words)}"),
        WireFate.Garbage => Spoken(sight, NoValue.Garbage, $"invalid answer: {outcome.Words}"),
        WireFate.Untrusted => Spoken(sight, NoValue.None, CertificateRules.Untrusted(sight.Certificate!, NowUtc)),
        WireFate.TimedOut => TimedOut(sight),
        // After its own words, the target is reached: what breaks then is its doing (architecture: answer or transport).
        WireFate.TlsCut => sight.Bytes > 0
            ? Spoken(sight, NoValue.TlsCut, $"TLS handshake failed: {outcome.Words}")
            : LookFailures.Transport(Prefix, NoValue.TlsCut, $"TLS handshake failed: {outcome.Words}"),
        WireFate.Cut => sight.Bytes > 0
            ? Spoken(sight, NoValue.Garbage, string.Create(CultureInfo.InvariantCulture, $"{LookFailures.Words(outcome.Error)} after {sight.Bytes} bytes{Heard(sight)}"))
            : LookFailures.Of(Prefix, outcome.Error, Target),
        WireFate.Closed => sight.Bytes > 0
            ? Spoken(sight, NoValue.Garbage, string.Create(CultureInfo.InvariantCulture, $"connection closed after {sight.Bytes} bytes{Heard(sight)}"))
            : LookFailures.Transport(Prefix, NoValue.Refused, $"connection closed before any byte of an answer ({Target})"),
    };

    private string Prefix => $"{Protocol} ";

    private string Target => LookFailures.Place(Address, Port);

    private LookAnswer Done(WireSight sight)
    {
        var (certificate, words) = CertificateRules.Judge(sight.Certificate, Tls.WarnDays, Tls.CritDays, NowUtc);
        var time = Perf.Judge(sight.Total, Warn, Crit);
        var status = (CheckStatus)Math.Max((byte)time, (byte)certificate);
        var banner = sight.Banner.Length == 0 ? "" : $" [{Short(sight.Banner)}]";
        return new LookAnswer(
            status,
            Reply.Answer,
            NoValue.None,
            string.Create(CultureInfo.InvariantCulture, $"{Protocol} {Perf.Word(status)} - {words}{sight.Total.TotalSeconds:0.000} second response time on {Address} port {Port}{banner}"),
            Perfdata: Perfdata(sight));
    }

    private LookAnswer TimedOut(WireSight sight)
    {
        var limit = string.Create(CultureInfo.InvariantCulture, $"{Timeout.TotalSeconds:0.###} seconds");
        return sight.Bytes > 0
            ? Spoken(sight, NoValue.TimedOut, string.Create(CultureInfo.InvariantCulture, $"answer not complete within {limit} ({(sight.Banner.Length == 0 ? $"{sight.Bytes} bytes so far" : sight.Stage)}{Heard(sight)})"))
            : LookFailures.Transport(Prefix, NoValue.TimedOut, $"no answer from {Target} within {limit} ({sight.Stage})");
    }

    /// <summary>The target itself is the evidence.</summary>
    private LookAnswer Spoken(WireSight sight, NoValue noValue, string words) =>
        new(CheckStatus.Critical, Reply.Answer, noValue, $"{Protocol} CRITICAL - {words}", Perfdata: Perfdata(sight));

    private static string Heard(WireSight sight) => sight.Banner.Length == 0 ? "" : $", it said '{Short(sight.Banner)}'";

    private string Perfdata(WireSight sight)
    {
        var text = Perf.Time(sight.Total, Warn, Crit, Timeout) + Perf.Stages(sight);
        return sight.Certificate is { } c ? $"{text} {CertificateRules.Perfdata(c, Tls.WarnDays, Tls.CritDays, NowUtc)}" : text;
    }
}
