using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads whom to write to and whom to call: the mailing list with its members, the contact list.</summary>
internal static class PeopleReader
{
    private const string MailRight = "write for instance `tanaka@example.jp`";

    internal static MailingListPlan? MailingList(SpecProblems problems, SpecPiece? node, SpecPlace at, bool deskHasMailbox)
    {
        if (Clause.Open(problems, node, at, SpecLanguage.MailingList) is not { } list)
        {
            return null;
        }

        var address = list.Values.Where(list.Must("address", "customer-mon@lists.example.jp"), "a mail address", AddressRules.IsMail, MailRight);
        var charset = list.OneOf("charset", ("utf-8", false), ("iso-2022-jp", true)) == true ? "iso-2022-jp" : SpecDefaults.Charset;
        var members = Members(list, deskHasMailbox);
        return new MailingListPlan(address ?? "", charset, members);
    }

    internal static IReadOnlyList<ContactPlan> Contacts(SpecProblems problems, SpecPiece? calls, SpecPlace at, SpecMap? calendars)
    {
        if (Clause.Open(problems, calls, at, SpecLanguage.Calls) is not { } clause || clause.Find("contacts") is not { } contacts)
        {
            return [];
        }

        if (contacts is not SpecList list)
        {
            problems.Wrong(contacts.At, $"`contacts` is {SpecValues.Kind(contacts)}", "a list, in calling order");
            return [];
        }

        return [.. list.Items.Select(item => Contact(problems, item, calendars)).OfType<ContactPlan>()];
    }

    private static IReadOnlyList<MemberPlan> Members(Clause list, bool deskHasMailbox)
    {
        var node = list.Must("members", "[{ name: 田中 一郎, mail: tanaka@example.jp }, { desk: true }]");
        if (node is not SpecList { Items.Count: > 0 } items)
        {
            if (node is not null)
            {
                list.Problems.Wrong(node.At, $"`members` is {(node is SpecList ? "an empty list" : SpecValues.Kind(node))}", "a list with at least one member");
            }

            return [];
        }

        var members = new List<MemberPlan>();
        var seen = new Dictionary<string, SpecPlace>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items.Items)
        {
            if (Member(list.Problems, item, seen, deskHasMailbox) is { } member)
            {
                members.Add(member);
            }
        }

        return members;
    }

    private static MemberPlan? Member(SpecProblems problems, SpecPiece node, Dictionary<string, SpecPlace> seen, bool deskHasMailbox)
    {
        if (Clause.Open(problems, node, node.At, SpecLanguage.Member) is not { } member)
        {
            return null;
        }

        var name = member.Line("name", 120);
        if (member.Truth("desk") == true)
        {
            if (!deskHasMailbox)
            {
                problems.Warn(
                    member.PlaceOf("desk"),
                    "the desk is a member, but no `mail.desk_mailbox` is configured",
                    "it gets no copy, and the SLO clock starts at another member's; set `mail.desk_mailbox` in the provider's configuration");
            }

            return Desk(member, name, node, seen);
        }

        var mail = member.Values.Where(member.Must("mail", "tanaka@example.jp"), "a mail address", AddressRules.IsMail, MailRight);
        var instructor = member.Truth("instructor") ?? false;
        if (mail is null || IsDouble(problems, mail, member.Find("mail")!.At, seen, "gets every mail twice", "list each address once"))
        {
            return null;
        }

        return new MemberPlan(name ?? mail, mail, instructor, Desk: false);
    }

    private static MemberPlan? Desk(Clause member, string? name, SpecPiece node, Dictionary<string, SpecPlace> seen)
    {
        if (member.Find("mail") is { } mail)
        {
            member.Problems.Wrong(mail.At, "the desk has a `mail` here", "the provider's configuration names the desk's mailbox; leave it out");
        }

        return IsDouble(member.Problems, "the desk", node.At, seen, "is a member twice", "list `{ desk: true }` once")
            ? null
            : new MemberPlan(name ?? "", "", Instructor: false, Desk: true);
    }

    private static bool IsDouble(SpecProblems problems, string what, SpecPlace at, Dictionary<string, SpecPlace> seen, string wrong, string right)
    {
        if (seen.TryAdd(what, at))
        {
            return false;
        }

        problems.Wrong(at, $"{Shown.As(what)} {wrong}, first in line {seen[what].Line}", right);
        return true;
    }

    private static ContactPlan? Contact(SpecProblems problems, SpecPiece node, SpecMap? calendars)
    {
        if (Clause.Open(problems, node, node.At, SpecLanguage.Contact) is not { } contact)
        {
            return null;
        }

        var name = contact.Values.Line(contact.Must("name", "田中 一郎"), "`name`", 120);
        var phones = contact.Values.Many(contact.Must("phone", "\"+81 3-0000-0000\""))
            .Select(p => contact.Values.Where(p, "a phone number", AddressRules.IsPhone, "digits, spaces and hyphens, for instance \"+81 3-0000-0000\""))
            .OfType<string>().ToList();
        var hours = contact.Line("hours", 80) ?? "always";
        if (hours != "always" && SpecWords.IsId(hours) && calendars?.Find(hours) is null)
        {
            problems.Unknown(contact.Find("hours")!.At, $"there is no calendar {Shown.As(hours)}", hours, ["always", .. CalendarNames(calendars)]);
        }

        return name is null ? null : new ContactPlan(name, phones, hours, contact.Truth("instructor") ?? false);
    }

    private static IEnumerable<string> CalendarNames(SpecMap? calendars) => calendars?.Entries.Select(e => e.Key.Text) ?? [];
}
