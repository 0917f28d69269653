using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads whom to write to and whom to call: the mailing list with its members, the contact list.</summary>
internal static class PeopleReader
{
    internal static MailingListPlan? MailingList(SpecProblems problems, SpecPiece? node, SpecPlace at, bool deskHasMailbox)
    {
        if (Clause.Open(problems, node, at, SpecLanguage.MailingList) is not { } list)
        {
            return null;
        }

        var address = list.Values.Where(list.Must("address", "customer-mon@lists.example.jp"), CustomerText.MailAddress, AddressRules.IsMail, CustomerText.MailRight);
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
            problems.Wrong(contacts.At, SpecText.Is(SpecText.Key("contacts"), SpecValues.Kind(contacts)), CustomerText.CallOrder);
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
                list.Problems.Wrong(node.At, SpecText.Is(SpecText.Key("members"), SpecValues.Kind(node)), CustomerText.OneMember);
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
        var instructor = member.Truth("instructor") ?? false;
        if (member.Truth("desk") == true)
        {
            if (!deskHasMailbox)
            {
                problems.Warn(
                    member.PlaceOf("desk"),
                    CustomerText.NoMailbox,
                    CustomerText.NoMailboxRight);
            }

            return Desk(member, name, node, seen);
        }

        var mail = member.Values.Where(member.Must("mail", "tanaka@example.jp"), CustomerText.MailAddress, AddressRules.IsMail, CustomerText.MailRight);
        if (mail is null || IsDouble(problems, mail, member.Find("mail")!.At, seen, line => CustomerText.MailTwice(mail, line), CustomerText.AddressOnce))
        {
            return null;
        }

        return new MemberPlan(name ?? mail, mail, instructor, Desk: false);
    }

    private static MemberPlan? Desk(Clause member, string? name, SpecPiece node, Dictionary<string, SpecPlace> seen)
    {
        if (member.Find("mail") is { } mail)
        {
            member.Problems.Wrong(mail.At, CustomerText.DeskHasMail, CustomerText.DeskMailRight);
        }

        return IsDouble(member.Problems, "the desk", node.At, seen, CustomerText.DeskTwice, CustomerText.DeskOnce)
            ? null
            : new MemberPlan(name ?? "", "", Instructor: false, Desk: true);
    }

    private static bool IsDouble(SpecProblems problems, string what, SpecPlace at, Dictionary<string, SpecPlace> seen, Func<int, Text> wrong, Text right)
    {
        if (seen.TryAdd(what, at))
        {
            return false;
        }

        problems.Wrong(at, wrong(seen[what].Line), right);
        return true;
    }

    private static ContactPlan? Contact(SpecProblems problems, SpecPiece node, SpecMap? calendars)
    {
        if (Clause.Open(problems, node, node.At, SpecLanguage.Contact) is not { } contact)
        {
            return null;
        }

        var name = contact.Values.Line(contact.Must("name", "田中 一郎"), SpecText.Key("name"), 120);
        var phones = contact.Values.Many(contact.Must("phone", "\"+81 3-0000-0000\""))
            .Select(p => contact.Values.Where(p, CustomerText.Phone, AddressRules.IsPhone, CustomerText.PhoneRight))
            .OfType<string>().ToList();
        var hours = contact.Line("hours", 80) ?? "always";
        if (hours != "always" && SpecWords.IsId(hours) && calendars?.Find(hours) is null)
        {
            problems.Unknown(contact.Find("hours")!.At, CustomerText.NoCalendar(hours), hours, ["always", .. CalendarNames(calendars)]);
        }

        var instructor = contact.Truth("instructor") ?? false;
        return name is null ? null : new ContactPlan(name, phones, hours, instructor);
    }

    private static IEnumerable<string> CalendarNames(SpecMap? calendars) => calendars?.Entries.Select(e => e.Key.Text) ?? [];
}
