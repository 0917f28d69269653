using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>
/// Times without checks or notifications → silences: outside of a check period nobody looks (stop), outside of a notification period and with
/// notifications off nobody is told (mute). What all of a host share is said of the host, what all share of everything.
/// </summary>
internal sealed class SilenceWriter(NagiosModel model, NagiosProblems problems)
{
    /// <summary>The last day that the language knows: Nagios' periods have no end.</summary>
    internal const string Until = "2199-12-31";

    /// <summary>More are a list that nobody signs; they are named instead.</summary>
    internal const int Most = 5000;

    private static readonly string[] Always = [];
    private static readonly string[] Never = ["daily 00:00-24:00"];

    private readonly Dictionary<string, IReadOnlyList<string>> outside = [];

    /// <param name="items">Titles as written, by host; the host check's own has no slash.</param>
    internal IReadOnlyList<(string What, string Kind, string When, string Reason)> Of(IReadOnlyList<(string HostKey, IReadOnlyList<(string Title, NagiosObject Source, NagiosService? Service)> Items)> items)
    {
        var written = new List<(string, string, string, string)>();
        foreach (var kind in new[] { "stop", "mute" })
        {
            var hosts = items.Where(h => h.Items.Count > 0).Select(h => (h.HostKey, Times: h.Items.Select(i => (i.Title, Times: Times(kind, i.Source, i.Service), i.Source)).ToList())).ToList();
            if (hosts.Count > 0 && hosts.TrueForAll(h => h.Times.TrueForAll(t => t.Times.Name == hosts[0].Times[0].Times.Name)))
            {
                Write(written, "*", kind, hosts[0].Times[0].Times);
                continue;
            }

            foreach (var (host, times) in hosts)
            {
                if (times.TrueForAll(t => t.Times.Name == times[0].Times.Name))
                {
                    Write(written, host, kind, times[0].Times);
                    continue;
                }

                foreach (var (title, own, source) in times)
                {
                    // A silence of a host is one of its services too.
                    if (title == host && own.When.Count > 0)
                    {
                        problems.Lost(source.At, WriteText.HostAlone(host, own.Name), WriteText.HostAloneCure);
                    }
                    else
                    {
                        Write(written, title, kind, own);
                    }
                }
            }
        }

        if (written.Count > Most)
        {
            problems.Lost(items.First(h => h.Items.Count > 0).Items[0].Source.At, WriteText.TooManySilences(written.Count), WriteText.TooManySilencesCure);
            return [];
        }

        return written;
    }

    private static void Write(List<(string, string, string, string)> written, string what, string kind, (string Name, IReadOnlyList<string> When) times) =>
        written.AddRange(times.When.Select(when => (what, kind, when, times.Name)));

    private (string Name, IReadOnlyList<string> When) Times(string kind, NagiosObject source, NagiosService? service)
    {
        if (kind == "mute" && (!source.Flag("notifications_enabled", true) || model.Settings.Number("enable_notifications", 1) <= 0))
        {
            return ("notifications_enabled 0", Never);
        }

        var key = kind == "stop" ? "check_period" : "notification_period";
        var field = service is null ? source.Field(key) : model.OfService(service, key);
        if (field is not { Value: { Length: > 0 } name } || !model.Periods.TryGetValue(name, out var period))
        {
            return ("", Always);
        }

        if (!outside.TryGetValue(name, out var when))
        {
            outside[name] = when = NagiosWeek.Outside(period, model.Periods);
            foreach (var dates in NagiosWeek.Dates(period, model.Periods))
            {
                problems.Lost(dates.At, WriteText.Dates(name, dates.Dates), WriteText.DatesCure);
            }
        }

        return when.Count == 0 ? ("", Always) : ($"{key} {name}", when);
    }
}
