using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads one customer's tree into its specification; null if its id or its mailing list cannot be read at all.</summary>
internal sealed class CustomerReader(SpecProblems problems, SpecOptions options)
{
    private readonly SpecValues values = new(problems);

    internal CustomerSpec? Read(SpecMap root, IReadOnlyList<SpecFile> sources)
    {
        var top = root.At with { Line = 1, Column = 1 };
        var customer = Clause.Open(problems, root, top, SpecLanguage.Customer)!;
        var id = values.Id(customer.Must("customer", "sample-trading"), CustomerText.CustomerId);
        if (id == ProviderPlan.Customer.Value)
        {
            problems.Wrong(customer.Find("customer")!.At, CustomerText.IsTheProvider(id), CustomerText.AnotherId);
        }

        var sites = HostParts.Sites(values, customer.Find("sites"), options.Sites, CustomerText.ProvidersSites);
        var runbooks = Section.Entries(problems, customer.Find("runbooks"), SpecText.Key("runbooks"), "restart-web: { steps: [ … ] }");
        var ground = new CheckGround(problems, Defaults(customer), sites ?? options.Sites, new RunbookShelf(runbooks.Select(r => r.Key.Text)));
        var vendors = VendorReader.Read(problems, customer.Find("vendors"));
        var hosts = new HostReader(ground, new TemplateShelf(ground, customer.Find("templates")), [.. vendors.Select(v => v.Key)]).Read(customer.Find("hosts"));
        var plans = new RunbookReader(problems, hosts).Read(customer.Find("runbooks"));
        var silences = SilenceReader.Read(problems, customer.Find("silences"), hosts);
        var list = PeopleReader.MailingList(
            problems, customer.Must("mailing_list", "{ address: …, members: [ … ] }"), customer.PlaceOf("mailing_list"), options.DeskHasMailbox);
        var contacts = PeopleReader.Contacts(problems, customer.Find("calls"), customer.PlaceOf("calls"), customer.Find("calendars") as SpecMap);
        if (customer.Find("hosts") is null or SpecMap { Entries.Count: 0 })
        {
            problems.Note(customer.PlaceOf("hosts"), CustomerText.NoHost, CustomerText.NothingWatched);
        }

        RunbookNotes.ElsewhereOnly(problems, runbooks, plans, hosts.Hosts);
        var head = Head(customer);
        return id is null ? null : new CustomerSpec(
            new CustomerId(id),
            customer.Find("customer")!.At,
            head.Name ?? Text.Same(id),
            head.Contract,
            head.Language,
            head.TimeZone,
            head.Edition,
            customer.PlaceOf("edition"),
            sites,
            list ?? MailingListPlan.Nobody,
            customer.PlaceOf("mailing_list"),
            contacts,
            hosts.Hosts,
            plans,
            silences,
            head.StartWithin,
            sources,
            SpecHash.Of(sources))
        {
            Vendors = vendors,
            Grouped = VendorReader.Grouped(customer),
        };
    }

    /// <summary>The single values at the top, read whatever else is wrong.</summary>
    private CustomerHead Head(Clause customer) => new(
        customer.Both("name"),
        customer.Line("contract", 60) ?? "",
        customer.OneOf("language", ("ja", Language.Ja), ("en", Language.En), ("both", Language.Both)) ?? Language.Ja,
        Zone(customer) ?? SpecDefaults.TimeZone,
        customer.Whole("edition", 1, 1_000_000) ?? 1,
        Slo(customer) ?? SpecDefaults.StartWithin);

    private string? Zone(Clause customer)
    {
        if (customer.Values.Word(customer.Find("time_zone"), SpecText.Key("time_zone")) is not { } zone || AddressRules.IsZone(zone))
        {
            return customer.Find("time_zone") is SpecScalar { IsNull: false } scalar ? scalar.Text : null;
        }

        var known = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id);
        problems.Wrong(
            customer.Find("time_zone")!.At,
            CustomerText.NotAZone(zone),
            Suggest.Nearest(zone, known) is { } near ? SpecText.DidYouMean(near) : CustomerText.IanaZone);
        return null;
    }

    private TimeSpan? Slo(Clause customer) =>
        Clause.Open(problems, customer.Find("slo"), customer.PlaceOf("slo"), SpecLanguage.Slo)
            ?.Duration("start_within", TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));

    /// <summary>The values are checked here once, even if no check takes them.</summary>
    private SpecMap Defaults(Clause customer)
    {
        if (Clause.Open(problems, customer.Find("defaults"), customer.PlaceOf("defaults"), SpecLanguage.Defaults) is not { } defaults)
        {
            return SpecMap.Nothing;
        }

        defaults.Duration("interval", SpecDefaults.LeastInterval, SpecDefaults.MostInterval);
        defaults.Duration("timeout", SpecDefaults.LeastTimeout, SpecDefaults.MostTimeout);
        defaults.Duration("retry", SpecDefaults.LeastInterval, SpecDefaults.MostInterval);
        defaults.Whole("attempts", 1, SpecDefaults.MostAttempts);
        foreach (var key in new[] { "warn", "crit" })
        {
            if (defaults.Find(key) is not SpecScalar { Text: "none" })
            {
                defaults.Duration(key, TimeSpan.FromMilliseconds(1), SpecDefaults.MostTimeout);
            }
        }

        return (SpecMap)customer.Find("defaults")!;
    }

    private sealed record CustomerHead(Text? Name, string Contract, Language Language, string TimeZone, int Edition, TimeSpan StartWithin);
}

/// <summary>The hash of an edition's text: what both sides agreed to, byte by byte.</summary>
internal static class SpecHash
{
    internal static string Of(IReadOnlyList<SpecFile> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources)
        {
            var bytes = Encoding.UTF8.GetBytes(source.Text);
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}\n")));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Doubts about runbooks that only the whole specification shows.</summary>
internal static class RunbookNotes
{
    /// <summary>A runbook that came with a template acts on the host it names, not on the one that fails.</summary>
    internal static void ElsewhereOnly(
        SpecProblems problems, IReadOnlyList<SpecEntry> written, IReadOnlyList<RunbookPlan> runbooks, IReadOnlyList<HostSpec> hosts)
    {
        var users = hosts.SelectMany(h => h.All.Where(c => c.Runbook is not null).Select(c => (Host: h.Key, Check: c)))
            .ToLookup(u => u.Check.Runbook!);
        foreach (var runbook in runbooks)
        {
            var targets = RunbookReader.Targets(runbook.Steps).ToHashSet();
            var strangers = targets.Count == 0 ? [] : users[runbook.Key].Where(u => !targets.Contains(u.Host)).ToList();
            if (strangers.Count > 0)
            {
                var (host, check) = strangers[0];
                problems.Note(
                    written.First(w => w.Key.Text == runbook.Key).Key.At,
                    RunbookText.Elsewhere(runbook.Key, check.Key.Length == 0 ? host : $"{host}/{check.Key}", strangers.Count - 1),
                    RunbookText.RunsOn(Shown.Names(targets)));
            }
        }
    }
}
