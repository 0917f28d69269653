using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What hosts and services name exists: commands, periods, contacts, parents; and parents and dependencies lead nowhere in a circle.</summary>
internal static class NagiosReferences
{
    internal static void Check(NagiosModel model, NagiosProblems problems)
    {
        foreach (var (name, host) in model.Hosts)
        {
            Names(host, "parents", "host", model.Hosts.Keys, problems);
            Shared(host, model, problems);
            if (host.Names("parents").Contains(name))
            {
                problems.Wrong(host.PlaceOf("parents"), NagiosText.OwnParent(name), CustomerText.DeviceBefore);
            }
        }

        foreach (var definition in model.Services.Select(s => s.Source).Distinct())
        {
            if (definition.Find("check_command") is null)
            {
                problems.Wrong(definition.At, NagiosText.Lacks("service", "check_command"), NagiosText.LacksRight);
            }

            Shared(definition, model, problems);
        }

        foreach (var period in model.Periods.Values)
        {
            foreach (var unknown in period.Without.Where(p => !model.Periods.ContainsKey(p)))
            {
                problems.Wrong(period.At, NagiosText.NoSuch("timeperiod", unknown), problems.Near(unknown, model.Periods.Keys, NagiosText.DefineIt));
            }
        }

        Circle(model.Hosts.Select(h => (h.Key, (IReadOnlyList<string>)[.. h.Value.Names("parents").Where(p => p != h.Key)], h.Value.PlaceOf("parents"))), NagiosText.ParentCircle, problems);
        Circle(
            model.Dependencies.GroupBy(d => $"{d.Dependent.Host}/{d.Dependent.Description}")
                .Select(g => (g.Key, (IReadOnlyList<string>)[.. g.Select(d => $"{d.Needed.Host}/{d.Needed.Description}").Distinct()], g.First().Source.At)),
            NagiosText.DependencyCircle,
            problems);
    }

    internal static string CommandName(string checkCommand) => checkCommand.TrimStart('!').Split('!', 2)[0].Trim();

    private static void Shared(NagiosObject source, NagiosModel model, NagiosProblems problems)
    {
        if (source.Find("check_command") is { Length: > 0 } command && !model.Commands.ContainsKey(CommandName(command)))
        {
            problems.Wrong(source.PlaceOf("check_command"), NagiosText.NoSuch("command", CommandName(command)), problems.Near(CommandName(command), model.Commands.Keys, NagiosText.DefineIt));
        }

        Names(source, "contacts", "contact", model.Contacts.Keys, problems);
        Names(source, "contact_groups", "contactgroup", model.ContactGroups.Known.All, problems);
        Names(source, "check_period", "timeperiod", model.Periods.Keys, problems);
        Names(source, "notification_period", "timeperiod", model.Periods.Keys, problems);
    }

    private static void Names(NagiosObject source, string key, string type, IReadOnlyCollection<string> known, NagiosProblems problems)
    {
        foreach (var unknown in source.Names(key).Where(n => !known.Contains(n)))
        {
            problems.Wrong(source.PlaceOf(key), NagiosText.NoSuch(type, unknown), problems.Near(unknown, known, NagiosText.DefineIt));
        }
    }

    private static void Circle(IEnumerable<(string Name, IReadOnlyList<string> Needs, SpecPlace At)> all, Func<string, Text> said, NagiosProblems problems)
    {
        var (needs, places) = (new OrderedDictionary<string, IReadOnlyList<string>>(), new Dictionary<string, SpecPlace>());
        foreach (var (name, needed, at) in all)
        {
            needs[name] = needed;
            places[name] = at;
        }

        foreach (var circle in Circles.Of(needs))
        {
            problems.Wrong(places[circle[0]], said(Circles.Shows(circle)), NagiosText.CircleRight);
        }
    }
}
