using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// Writes a plan as a specification with every default shown. Reading it again gives the same plan. What a reader wants to know of an item
/// besides stands in comments before it.
/// </summary>
internal static class SpecPrint
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(TextWriter to, CustomerPlan plan, Func<ItemPlan, IEnumerable<string>>? remarks = null)
    {
        to.WriteLine($"customer: {plan.Id}");
        to.WriteLine($"name: {Both(plan.Name)}");
        if (plan.Contract.Length > 0)
        {
            to.WriteLine($"contract: {Quoted(plan.Contract)}");
        }

        to.WriteLine($"language: {plan.Language.ToString().ToLowerInvariant()}");
        to.WriteLine($"time_zone: {plan.TimeZone}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"edition: {plan.Edition}"));
        if (plan.Sites.Count > 0)
        {
            to.WriteLine($"sites: {List(plan.Sites.Select(s => s.Value))}");
        }

        People(to, plan);
        to.WriteLine($"slo: {{ start_within: {SpecWords.Of(plan.StartWithin)} }}");
        VendorReader.Print(to, plan);
        to.WriteLine("hosts:");
        foreach (var host in plan.Hosts)
        {
            Host(to, host, remarks);
        }

        SilencePrint.Write(to, plan.Silences);
        RunbookPrint.Write(to, plan.Runbooks);
    }

    internal static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    internal static string Both(Text text) => text.Ja == text.En ? Quoted(text.Ja) : $"{{ ja: {Quoted(text.Ja)}, en: {Quoted(text.En)} }}";

    internal static string List(IEnumerable<string> words) => $"[{string.Join(", ", words)}]";

    internal static string Map(IEnumerable<(string Key, string? Value)> entries) =>
        $"{{ {string.Join(", ", entries.Where(e => e.Value is not null).Select(e => $"{e.Key}: {e.Value}"))} }}";

    private static void People(TextWriter to, CustomerPlan plan)
    {
        to.WriteLine("mailing_list:");
        to.WriteLine($"  address: {Quoted(plan.MailingList.Address)}");
        to.WriteLine($"  charset: {plan.MailingList.Charset}");
        to.WriteLine("  members:");
        foreach (var member in plan.MailingList.Members)
        {
            to.WriteLine("    - " + Map(
            [
                ("name", member.Name.Length > 0 ? Quoted(member.Name) : null),
                ("mail", member.Desk ? null : Quoted(member.Mail)),
                ("instructor", member.Desk ? null : Truth(member.Instructor)),
                ("desk", member.Desk ? "true" : null),
            ]));
        }

        if (plan.Contacts.Count > 0)
        {
            to.WriteLine("calls:\n  contacts:");
        }

        foreach (var contact in plan.Contacts)
        {
            to.WriteLine("    - " + Map(
            [
                ("name", Quoted(contact.Name)),
                ("phone", List(contact.Phones.Select(Quoted))),
                ("hours", Quoted(contact.Hours)),
                ("instructor", Truth(contact.Instructor)),
            ]));
        }

        Calendars(to, plan.Contacts);
    }

    /// <summary>Calendars are not in force yet, so the plan knows only their names.</summary>
    private static void Calendars(TextWriter to, IReadOnlyList<ContactPlan> contacts)
    {
        var names = contacts.Select(c => c.Hours).Where(h => h != "always" && SpecWords.IsId(h)).Distinct().ToList();
        if (names.Count > 0)
        {
            to.WriteLine($"calendars: {Map(names.Select(n => (n, (string?)"{}")))}  # not in force yet; what they say is in the file");
        }
    }

    private static void Host(TextWriter to, HostPlan host, Func<ItemPlan, IEnumerable<string>>? remarks)
    {
        to.WriteLine($"  {Quoted(host.Key)}:");
        to.WriteLine($"    address: {Quoted(host.Address)}");
        to.WriteLine($"    name: {Both(host.Name)}");
        to.WriteLine($"    machine: {host.Machine.ToString().ToLowerInvariant()}");
        if (host.Parents.Count > 0)
        {
            var names = List(host.Parents.Select(Quoted));
            to.WriteLine($"    parents: {(host.Needed == ParentsNeeded.All ? Map([("all", names)]) : names)}");
        }

        if (host.Datacentre is { } place)
        {
            to.WriteLine($"    datacentre: {VendorReader.Words(place)}");
        }

        if (host.Ssh is { } ssh)
        {
            to.WriteLine("    ssh: " + Map([("user", Quoted(ssh.User)), ("port", Number(ssh.Port)), ("host_keys", List(ssh.HostKeys.Select(Quoted)))]));
        }

        InsidePrint.Doors(to, host.Doors);
        Remarks(to, "    ", host.Alive, remarks);
        to.WriteLine($"    alive: {(host.Alive is null ? "none" : CheckPrint.Of(host, host.Alive))}");
        if (host.Services.Count > 0)
        {
            to.WriteLine("    checks:");
        }

        foreach (var service in host.Services)
        {
            Remarks(to, "      ", service, remarks);
            to.WriteLine($"      {Quoted(service.Service)}: {CheckPrint.Of(host, service)}");
        }
    }

    private static void Remarks(TextWriter to, string margin, ItemPlan? item, Func<ItemPlan, IEnumerable<string>>? remarks)
    {
        foreach (var remark in item is null || remarks is null ? [] : remarks(item))
        {
            to.WriteLine($"{margin}# {remark}");
        }
    }

    internal static string Truth(bool value) => value ? "true" : "false";

    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
