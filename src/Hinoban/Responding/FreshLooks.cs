using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.Responding;

/// <summary>A look made just now because the desk asked. <see cref="Answer"/> is null where the site gave none in time.</summary>
internal sealed record FreshLook(SiteName Site, DateTimeOffset? StartedUtc, LookAnswer? Answer);

/// <summary>What fresh looks of all sites say together.</summary>
internal enum FreshVerdict
{
    /// <summary>Still failing.</summary>
    Failing,

    /// <summary>The target works; a site that cannot reach it has a path trouble.</summary>
    Working,

    /// <summary>No site could look: nothing is known, so nothing may be changed.</summary>
    Unknown,
}

/// <summary>Judges looks that were made on request, by the rules of agreement: a path cannot fake an answer.</summary>
internal static class FreshLooks
{
    internal static FreshVerdict Judge(IReadOnlyList<FreshLook> looks)
    {
        var answers = Valid(looks);
        return answers.Count == 0 ? FreshVerdict.Unknown
            : answers.Any(a => a is { Reply: Reply.Answer, Status: not CheckStatus.Ok }) ? FreshVerdict.Failing
            : answers.Any(a => a.Status == CheckStatus.Ok) ? FreshVerdict.Working
            : FreshVerdict.Failing;
    }

    /// <summary>The stricter question after a change: every site that looked sees it working.</summary>
    internal static bool AllOk(IReadOnlyList<FreshLook> looks) =>
        Valid(looks) is { Count: > 0 } answers && answers.All(a => a.Status == CheckStatus.Ok);

    /// <summary>The looks as lines of a transcript.</summary>
    internal static string Lines(IReadOnlyList<FreshLook> looks) => string.Concat(looks.Select(Line));

    /// <summary>An engine's own fault is never evidence about the target.</summary>
    private static List<LookAnswer> Valid(IReadOnlyList<FreshLook> looks) =>
        [.. looks.Select(l => l.Answer).OfType<LookAnswer>().Where(a => a.NoValue != NoValue.EngineFault)];

    private static string Line(FreshLook look) => look.Answer is { } answer
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"[{look.Site}] {look.StartedUtc?.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ} {answer.Status.ToString().ToUpperInvariant()}{(answer.NoValue == NoValue.None ? "" : $" ({answer.NoValue})")}: {answer.Output}\n")
        : $"[{look.Site}] -\n";
}
