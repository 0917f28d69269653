using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Tests.States;

/// <summary>Builds views, signals and terms at chosen instants (seconds on the desk's clock) for the rules' tests.</summary>
internal static class Scene
{
    internal static readonly SiteName Tokyo = new("tokyo");
    internal static readonly SiteName Osaka = new("osaka");
    internal static readonly SiteName Nagoya = new("nagoya");
    internal static readonly DateTimeOffset Epoch = new(2026, 4, 14, 2, 0, 0, TimeSpan.Zero);

    internal static AgreementTerms Terms(params SiteName[] sites) => new(S(180), S(180), 2, S(10), S(8), sites.Length == 0 ? [Tokyo, Osaka] : sites);

    internal static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    internal static Moment At(double seconds) => new(Epoch + S(seconds), S(seconds));

    internal static SiteView Never(SiteName site) => new(site);

    internal static SiteView Ok(SiteName site, double look, double? lastFailed = null) => new(site)
    {
        Known = true,
        LookMono = S(look),
        LookUtc = Epoch + S(look),
        RunMono = lastFailed is null ? null : S(look),
        FailedLookMono = lastFailed is { } f ? S(f) : null,
        Output = "OK",
    };

    internal static SiteView Fails(
        SiteName site, StateType type, Reply reply, double since, double look, int looks = 2, CheckStatus status = CheckStatus.Critical) => new(site)
        {
            Known = true,
            Status = status,
            Type = type,
            Attempt = Math.Min(looks, 2),
            FailingLooks = looks,
            LastHard = type == StateType.Hard ? status : CheckStatus.Ok,
            Reply = reply,
            NoValue = reply == Reply.Transport ? NoValue.TimedOut : NoValue.None,
            LookMono = S(look),
            LookUtc = Epoch + S(look),
            RunMono = S(since),
            FailedLookMono = S(look),
            FailingSinceUtc = Epoch + S(since),
            Output = "CRITICAL",
        };

    internal static SiteView HardT(SiteName site, double since, double look, int looks = 2) => Fails(site, StateType.Hard, Reply.Transport, since, look, looks);

    internal static SiteView HardA(SiteName site, double since, double look, int looks = 2, CheckStatus status = CheckStatus.Critical) =>
        Fails(site, StateType.Hard, Reply.Answer, since, look, looks, status);

    internal static SiteView SoftT(SiteName site, double look) => Fails(site, StateType.Soft, Reply.Transport, look, look, 1);

    internal static SiteSignal Heard(SiteName site, double beat) => new(site, S(beat), null);

    internal static SiteSignal Silent(SiteName site, double since) => new(site, S(since - 15), S(since));

    internal static PendingLook Asked(SiteName site, double at, long request = 1) => new(request, site, S(at));

    /// <summary>Judges with every site heard a second ago.</summary>
    internal static Verdict Judge(AgreementTerms terms, double now, Verdict? before, params SiteView[] views) =>
        SiteAgreement.Judge(terms, views, [.. terms.Sites.Select(s => Heard(s, now - 1))], [], before, At(now));

    internal static string Short(Verdict v) => string.Concat(
        v.Judgement switch { Judgement.Hold => "hold", Judgement.Failing => "FAILING", Judgement.Working => "working" },
        "/",
        v.Reach,
        v.Severity == CheckStatus.Ok ? "" : $"/{v.Severity}",
        v.SingleSite ? "/single" : "");
}
