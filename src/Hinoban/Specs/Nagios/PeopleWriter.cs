using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>Contacts that something names → members of the one mailing list, and the contact list for the phone.</summary>
internal sealed class PeopleWriter(NagiosModel model, NagiosProblems problems)
{
    internal void Write(TextWriter to, string list)
    {
        var used = Used();
        to.WriteLine("mailing_list:");
        to.WriteLine($"  address: {SpecPrint.Quoted(list)}");
        to.WriteLine("  members:");
        var members = Members(used);
        foreach (var (name, mail) in members)
        {
            to.WriteLine($"    - {SpecPrint.Map([("name", SpecPrint.Quoted(name)), ("mail", SpecPrint.Quoted(mail))])}");
        }

        if (members.Count == 0)
        {
            to.WriteLine("    - { desk: true }");
            problems.Look(model.Contacts.Values.Concat(model.Objects).FirstOrDefault()?.At ?? default, WriteText.NobodyToTell, WriteText.NobodyToTellCure);
        }

        Phones(to, used);
    }

    // Who is told of something: by name, or in a group, of a host, a service or an escalation.
    private IReadOnlyList<NagiosObject> Used()
    {
        var names = new HashSet<string>();
        var lists = new HashSet<(string?, string?)>();
        foreach (var host in model.Hosts.Values)
        {
            lists.Add((host.Find("contacts"), host.Find("contact_groups")));
        }

        foreach (var service in model.Services)
        {
            lists.Add((model.OfService(service, "contacts")?.Value, model.OfService(service, "contact_groups")?.Value));
        }

        foreach (var source in model.Escalations.Select(e => e.Source).Distinct())
        {
            lists.Add((source.Find("contacts"), source.Find("contact_groups")));
        }

        foreach (var (contacts, groups) in lists)
        {
            names.UnionWith(NagiosWords.List(contacts));
            names.UnionWith(NagiosWords.List(groups).SelectMany(model.ContactGroups.Members));
        }

        var told = lists.Select(l => string.Join(',', NagiosWords.List(l.Item1).Concat(NagiosWords.List(l.Item2).SelectMany(model.ContactGroups.Members)).Distinct().Order())).Distinct().Count();
        if (told > 1)
        {
            problems.Look(model.Contacts.Values.FirstOrDefault()?.At ?? default, WriteText.OneList(told), WriteText.OneListCure);
        }

        return [.. model.Contacts.Where(c => names.Contains(c.Key)).Select(c => c.Value)];
    }

    private List<(string Name, string Mail)> Members(IReadOnlyList<NagiosObject> used)
    {
        var members = new List<(string, string)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var contact in used)
        {
            var name = NameOf(contact);
            var silent = !contact.Flag("host_notifications_enabled", true) && !contact.Flag("service_notifications_enabled", true);
            if (contact.Find("email") is not { Length: > 0 } mail || !AddressRules.IsMail(mail) || silent)
            {
                problems.Lost(contact.At, silent ? WriteText.ContactSilent(name) : WriteText.ContactWithoutMail(name), WriteText.ContactCure);
            }
            else if (seen.Add(mail))
            {
                members.Add((name, mail));
            }
        }

        return members;
    }

    private void Phones(TextWriter to, IReadOnlyList<NagiosObject> used)
    {
        var rows = used.Select(c => (Name: NameOf(c), Phone: c.Find("pager") ?? "", Source: c)).Where(c => c.Phone.Length > 0).ToList();
        var phones = rows.Where(r => AddressRules.IsPhone(r.Phone)).ToList();
        foreach (var row in rows.Except(phones))
        {
            problems.Lost(row.Source.PlaceOf("pager"), WriteText.Pager(row.Name), WriteText.ContactCure);
        }

        if (phones.Count > 0)
        {
            to.WriteLine("calls:\n  contacts:");
        }

        foreach (var (name, phone, _) in phones)
        {
            to.WriteLine($"    - {SpecPrint.Map([("name", SpecPrint.Quoted(name)), ("phone", SpecPrint.Quoted(phone))])}");
        }
    }

    private static string NameOf(NagiosObject contact) => Shown.Tame(contact.Find("alias") is { Length: > 0 } alias && !string.IsNullOrWhiteSpace(alias) ? alias : contact.Find("contact_name") ?? "?", 100);
}
