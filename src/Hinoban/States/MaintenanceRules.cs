using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>A maintenance that a customer asks for: hosts (with all their services) or items by title, from when to when, why, and who can be asked.</summary>
internal sealed record MaintenanceAsk(CustomerId Customer, IReadOnlyList<string> Targets, DateTimeOffset FromUtc, DateTimeOffset ToUtc, string Reason, string Contact);

/// <summary>What the desk decided about it.</summary>
internal sealed record MaintenanceDecision(bool Approved, DateTimeOffset AtUtc, string By, string Reason);

/// <summary>A request as it stands. <see cref="Decision"/> null: the desk has not decided yet.</summary>
internal sealed record MaintenanceRequest(long Id, MaintenanceAsk Ask, DateTimeOffset AskedUtc, string AskedBy, MaintenanceDecision? Decision)
{
    /// <summary>What people call it.</summary>
    internal string Number => NumberOf(Id);

    internal static string NumberOf(long id) => FormattableString.Invariant($"MNT-{id}");
}

/// <summary>Where a request stands; in the order of lists.</summary>
internal enum MaintenanceStage
{
    /// <summary>The desk has to decide.</summary>
    Asked,

    /// <summary>Approved: it holds, or will.</summary>
    Approved,

    /// <summary>Declined.</summary>
    Declined,

    /// <summary>Its end has passed without a decision.</summary>
    Lapsed,

    /// <summary>It was approved and is over.</summary>
    Over,
}

/// <summary>Something wrong in a request: which field, and what would be right.</summary>
internal sealed record MaintenanceProblem(string Field, Text Said);

/// <summary>What a customer may ask for, and what the desk may still decide.</summary>
internal static class MaintenanceRules
{
    internal const int MostTargets = 50;
    internal const int LongestReason = 120;
    internal const int LongestContact = 80;

    /// <summary>How far ahead one may ask.</summary>
    internal static readonly TimeSpan MostAhead = TimeSpan.FromDays(90);

    /// <summary>A form that was filled in for "from now on" is a few minutes old when it comes.</summary>
    internal static readonly TimeSpan FormTime = TimeSpan.FromMinutes(10);

    /// <summary>Everything that is wrong with it at once, against what is watched and the customer's other requests.</summary>
    internal static IReadOnlyList<MaintenanceProblem> Problems(MaintenanceAsk ask, CustomerPlan customer, IEnumerable<MaintenanceRequest> others, DateTimeOffset nowUtc) =>
    [
        .. Targets(ask, customer),
        .. Times(ask, nowUtc),
        .. Line("reason", ask.Reason, LongestReason, MaintenanceText.ReasonRight),
        .. Line("contact", ask.Contact, LongestContact, MaintenanceText.ContactRight),
        .. others.Where(o => StageOf(o, nowUtc) is MaintenanceStage.Asked or MaintenanceStage.Approved && Overlap(o.Ask, ask))
            .Select(o => new MaintenanceProblem("from_utc", MaintenanceText.Overlaps(o.Number))),
    ];

    internal static MaintenanceStage StageOf(MaintenanceRequest request, DateTimeOffset nowUtc) => request.Decision switch
    {
        { Approved: false } => MaintenanceStage.Declined,
        { } => nowUtc < request.Ask.ToUtc ? MaintenanceStage.Approved : MaintenanceStage.Over,
        null => nowUtc < request.Ask.ToUtc ? MaintenanceStage.Asked : MaintenanceStage.Lapsed,
    };

    /// <summary>Why nothing can be decided about it any more; null if it can.</summary>
    internal static Text? Closed(MaintenanceRequest request, DateTimeOffset nowUtc) => StageOf(request, nowUtc) switch
    {
        MaintenanceStage.Asked => null,
        MaintenanceStage.Lapsed => MaintenanceText.Lapsed,
        _ => MaintenanceText.Decided(request.Decision!.By),
    };

    /// <summary>The silences that an approved request becomes, one for each target.</summary>
    internal static IReadOnlyList<SilenceRequest> Silences(MaintenanceRequest request) =>
    [
        .. request.Ask.Targets.Select(t => t.Split('/', 2)).Select(t => new SilenceRequest(
            request.Ask.Customer, t[0], t.Length > 1 ? t[1] : "", request.Ask.FromUtc, request.Ask.ToUtc, $"{request.Ask.Reason} ({request.Number})")),
    ];

    private static IEnumerable<MaintenanceProblem> Targets(MaintenanceAsk ask, CustomerPlan customer)
    {
        if (ask.Targets.Count is 0 or > MostTargets)
        {
            yield return new MaintenanceProblem("targets", MaintenanceText.TargetsRight);
        }

        var known = customer.Hosts.Select(h => h.Key).Concat(customer.Hosts.SelectMany(h => h.Services).Select(s => s.Title)).ToHashSet();
        foreach (var unknown in ask.Targets.Take(MostTargets).Where(t => !known.Contains(t)))
        {
            yield return new MaintenanceProblem("targets", MaintenanceText.NoSuchTarget(unknown, Suggest.Nearest(unknown, known)));
        }
    }

    private static IEnumerable<MaintenanceProblem> Times(MaintenanceAsk ask, DateTimeOffset nowUtc)
    {
        if (ask.ToUtc <= ask.FromUtc)
        {
            yield return new MaintenanceProblem("to_utc", SilenceText.EndsBeforeStart);
        }
        else if (ask.ToUtc - ask.FromUtc > SilencePlan.Longest)
        {
            yield return new MaintenanceProblem("to_utc", SilenceText.TooLong);
        }

        if (ask.FromUtc < nowUtc - FormTime)
        {
            yield return new MaintenanceProblem("from_utc", MaintenanceText.Past);
        }
        else if (ask.FromUtc > nowUtc + MostAhead)
        {
            yield return new MaintenanceProblem("from_utc", MaintenanceText.TooFar);
        }
    }

    private static IEnumerable<MaintenanceProblem> Line(string field, string text, int longest, Text right) =>
        string.IsNullOrWhiteSpace(text) || text.Length > longest || SpecWords.Unprintable(text) is not null ? [new MaintenanceProblem(field, right)] : [];

    // A host and one of its services are the same place.
    private static bool Overlap(MaintenanceAsk a, MaintenanceAsk b) =>
        a.FromUtc < b.ToUtc && b.FromUtc < a.ToUtc && a.Targets.Any(x => b.Targets.Any(y => x == y || x.StartsWith(y + "/", StringComparison.Ordinal) || y.StartsWith(x + "/", StringComparison.Ordinal)));
}

/// <summary>What is wrong with a request, and what would be right.</summary>
internal static class MaintenanceText
{
    internal static readonly Text TargetsRight = new(
        $"対象のホストまたは監視項目を1件から{MaintenanceRules.MostTargets}件まで選んでください", $"choose from 1 to {MaintenanceRules.MostTargets} hosts or items");

    internal static readonly Text ReasonRight = new(
        $"理由を改行なしの{MaintenanceRules.LongestReason}文字以内で書いてください", $"give the reason in one line of at most {MaintenanceRules.LongestReason} characters");

    internal static readonly Text ContactRight = new(
        $"連絡先(お名前と電話番号など)を改行なしの{MaintenanceRules.LongestContact}文字以内で書いてください", $"say who can be asked, in one line of at most {MaintenanceRules.LongestContact} characters");

    internal static readonly Text Past = new("開始日時が過ぎています", "its start has passed");
    internal static readonly Text TooFar = new($"開始は{MaintenanceRules.MostAhead.TotalDays:0}日以内にしてください", $"it must begin within {MaintenanceRules.MostAhead.TotalDays:0} days");
    internal static readonly Text Lapsed = new("終了日時が過ぎているため、承認も却下もできません", "Its end has passed: nothing is to be decided any more");
    internal static readonly Text DeclineWhy = new(
        $"却下の理由を改行なしの{SilencePlan.LongestReason}文字以内で書いてください", $"Say why it is declined, in one line of at most {SilencePlan.LongestReason} characters");

    internal static readonly Text NoSuchRequest = new("そのメンテナンス依頼はありません", "There is no such maintenance request");

    internal static Text NoSuchTarget(string target, string? near) => near is null
        ? new($"{Shown.As(target)} は監視していません", $"nothing that is watched is called {Shown.As(target)}")
        : new($"{Shown.As(target)} は監視していません。{SpecText.DidYouMean(near).Ja}", $"nothing that is watched is called {Shown.As(target)}; {SpecText.DidYouMean(near).En}");

    internal static Text Overlaps(string number) => new($"期間と対象が依頼 {number} と重なっています", $"it overlaps request {number}");

    internal static Text Decided(string by) => new($"{by} がすでに決定しています", $"{by} has decided it already");
}
