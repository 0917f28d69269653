using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>A datacentre, cloud or carrier of the customer's hosts (ベンダー): those of one vendor may fail together.</summary>
internal sealed record VendorPlan(string Key, Text Name);

/// <summary>Where a machine stands. Empty: not said.</summary>
internal sealed record DatacentrePlan(string Vendor, string Rack, string Unit, string Label);

/// <summary>Reads <c>vendors</c>, a host's <c>datacentre</c>, and whether alerts of one cause are grouped.</summary>
internal static class VendorReader
{
    private static readonly ClauseKeys VendorKeys = new(CustomerText.Vendor, ["name"], ["phone", "contract", "hours", "authentication"]);
    private static readonly ClauseKeys DatacentreKeys = new(SpecText.Key("datacentre"), ["vendor", "rack", "unit", "label"], []);

    internal static IReadOnlyList<VendorPlan> Read(SpecProblems problems, SpecPiece? section)
    {
        var values = new SpecValues(problems);
        var vendors = new List<VendorPlan>();
        foreach (var entry in Section.Entries(problems, section, SpecText.Key("vendors"), "tokyo-idc: { name: Tokyo IDC }"))
        {
            if (values.Key(entry.Key, CustomerText.VendorName) is { } key && Clause.Open(problems, Section.Filled(entry), entry.Key.At, VendorKeys) is { } vendor)
            {
                vendors.Add(new VendorPlan(key, vendor.Both("name") ?? Text.Same(key)));
            }
        }

        return vendors;
    }

    internal static DatacentrePlan? Datacentre(SpecProblems problems, SpecPiece? node, SpecPlace at, IReadOnlyCollection<string> vendors)
    {
        if (Clause.Open(problems, node, at, DatacentreKeys) is not { } written)
        {
            return null;
        }

        var vendor = written.Line("vendor", 60) ?? "";
        if (vendor.Length > 0 && !vendors.Contains(vendor))
        {
            problems.Unknown(written.Find("vendor")!.At, CustomerText.NoSuchVendor(vendor), vendor, vendors);
        }

        return new DatacentrePlan(vendor, written.Line("rack", 60) ?? "", written.Line("unit", 60) ?? "", written.Line("label", 60) ?? "");
    }

    internal static bool Grouped(Clause customer) => customer.OneOf("grouping", ("on", true), ("off", false)) ?? true;

    internal static void Print(TextWriter to, CustomerPlan plan)
    {
        to.WriteLine($"grouping: {(plan.Grouped ? "on" : "off")}");
        if (plan.Vendors.Count > 0)
        {
            to.WriteLine("vendors:");
        }

        foreach (var vendor in plan.Vendors)
        {
            to.WriteLine($"  {SpecPrint.Quoted(vendor.Key)}: {{ name: {SpecPrint.Both(vendor.Name)} }}");
        }
    }

    internal static string Words(DatacentrePlan place) => SpecPrint.Map(
        new[] { ("vendor", place.Vendor), ("rack", place.Rack), ("unit", place.Unit), ("label", place.Label) }
            .Select(p => (p.Item1, p.Item2.Length == 0 ? null : (string?)SpecPrint.Quoted(p.Item2))));
}
