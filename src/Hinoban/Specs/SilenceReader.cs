using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads the silences of a customer. Each has an owner, a reason, a scope and an end: none can be forgotten for ever.</summary>
internal static class SilenceReader
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    internal static IReadOnlyList<SilencePlan> Read(SpecProblems problems, SpecPiece? node, HostShelf hosts)
    {
        if (node is null)
        {
            return [];
        }

        if (node is not SpecList list)
        {
            problems.Wrong(node.At, SpecText.Is(SpecText.Key("silences"), SpecValues.Kind(node)), SilenceText.ListRight);
            return [];
        }

        return [.. list.Items.Select(item => Silence(problems, item, hosts)).OfType<SilencePlan>()];
    }

    private static SilencePlan? Silence(SpecProblems problems, SpecPiece node, HostShelf hosts)
    {
        if (Clause.Open(problems, node, node.At, SpecLanguage.Silence) is not { } silence)
        {
            return null;
        }

        var what = What(silence, hosts);
        silence.Must("kind", "mute");
        var kind = silence.OneOf("kind", [.. Enum.GetValues<SilenceKind>().Select(k => (SilenceWords.Of(k), k))]);
        var when = When(silence);
        var reason = silence.Values.Line(silence.Must("reason", "nightly batch"), SpecText.Key("reason"), SilencePlan.LongestReason);
        var owner = silence.Values.Line(silence.Must("owner", "tanaka@sample.example.jp"), SpecText.Key("owner"), 120);
        var wait = For(silence, kind);
        var match = Match(silence, kind);
        return what is not var (host, service) || kind is null || when is null || reason is null || owner is null
            ? null
            : new SilencePlan(host, service, kind.Value, when, reason, owner, wait, match);
    }

    private static (string Host, string Service)? What(Clause silence, HostShelf hosts)
    {
        if (silence.Values.Word(silence.Must("what", "web01/http"), SpecText.Key("what"), SilenceText.WhatRight) is not { } what)
        {
            return null;
        }

        var (host, service) = what.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (what[..slash], what[(slash + 1)..]) : (what, "");
        if (what == "*")
        {
            return ("", "");
        }

        // Of a check that is not in force yet, which has its own note, there is nothing to silence.
        if (hosts.Unwatched.Contains(what))
        {
            return null;
        }

        // A host that is itself wrong is no second mistake.
        if ((service.Length == 0 && hosts.Keys.Contains(host))
            || (hosts.Host(host)?.Services.Any(s => s.Key == service) ?? hosts.Keys.Contains(host)))
        {
            return (host, service);
        }

        silence.Problems.Unknown(
            silence.Find("what")!.At, SilenceText.NoSuchItem(what), what,
            hosts.Hosts.Select(h => h.Key).Concat(hosts.Hosts.SelectMany(h => h.Services.Select(s => $"{h.Key}/{s.Key}"))));
        return null;
    }

    private static SilenceTimes? When(Clause silence)
    {
        if (silence.Values.Word(silence.Must("when", "daily 02:00-03:00"), SpecText.Key("when"), SilenceText.WhenRight) is not { } text)
        {
            Until(silence);
            return null;
        }

        if (SilenceWords.Recurring(text) is var (days, from, to))
        {
            return Until(silence) is { } until ? new RecurringTimes(days, from, to, until) : Endless(silence);
        }

        var at = silence.Find("when")!.At;
        if (SilenceWords.Once(text) is not var (start, end))
        {
            silence.Problems.Wrong(at, SilenceText.NotAWhen(text), SilenceText.WhenRight);
            Until(silence);
            return null;
        }

        if (silence.Find("until") is { } last)
        {
            silence.Problems.Wrong(last.At, SilenceText.UntilTwice, SilenceText.UntilTwiceRight);
        }

        if (end <= start)
        {
            silence.Problems.Wrong(at, SilenceText.EndsBeforeStart, SilenceText.EndRight);
            return null;
        }

        if (end - start > SilencePlan.Longest)
        {
            silence.Problems.Wrong(at, SilenceText.TooLong, SilenceText.TooLongRight);
            return null;
        }

        return new OnceTimes(start, end);
    }

    private static RecurringTimes? Endless(Clause silence)
    {
        if (silence.Find("until") is null)
        {
            silence.Problems.Wrong(silence.PlaceOf("when"), SilenceText.Endless, SilenceText.UntilRight);
        }

        return null;
    }

    private static DateOnly? Until(Clause silence)
    {
        if (silence.Values.Word(silence.Find("until"), SpecText.Key("until"), SilenceText.DateRight) is not { } text)
        {
            return null;
        }

        if (SilenceWords.Date(text) is not { } day)
        {
            silence.Problems.Wrong(silence.Find("until")!.At, SilenceText.NotADate(text), SilenceText.DateRight);
            return null;
        }

        return day;
    }

    private static TimeSpan For(Clause silence, SilenceKind? kind)
    {
        if (kind == SilenceKind.Wait)
        {
            silence.Must("for", "15m");
        }
        else if (kind is not null && silence.Find("for") is { } wrong)
        {
            silence.Problems.Wrong(wrong.At, SilenceText.ForOnlyWait, SilenceText.LeaveOut);
        }

        return silence.Duration("for", ShortestWait, LongestWait) ?? default;
    }

    private static string Match(Clause silence, SilenceKind? kind)
    {
        if (kind == SilenceKind.Known)
        {
            silence.Must("match", "\"connection pool\"");
        }
        else if (kind is not null && silence.Find("match") is { } wrong)
        {
            silence.Problems.Wrong(wrong.At, SilenceText.MatchOnlyKnown, SilenceText.LeaveOut);
        }

        return silence.Line("match") ?? "";
    }
}
