using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;

namespace Hinoban.Console.Incidents;

/// <summary>The names people go by in an incident: events carry accounts, and some of them the name that belongs to it.</summary>
internal sealed class People
{
    private readonly Dictionary<string, string> names = [];

    internal People(IReadOnlyList<IncidentEvent> events)
    {
        foreach (var happened in events)
        {
            var name = happened switch
            {
                Claimed claimed => claimed.DisplayName,
                ReportSent report => report.DisplayName,
                _ => null,
            };
            if (name is { Length: > 0 })
            {
                names[happened.By] = name;
            }
        }
    }

    internal Text NameOf(string account) => account == Actor.Engine.Name ? ConsoleTextTelling.Engine : PersonNames.Of(names.GetValueOrDefault(account, account));
}
