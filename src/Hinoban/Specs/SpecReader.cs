using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// Specification files → <see cref="CustomerSpec"/>s and every problem of all files at once. A file with broken YAML hides
/// no other file's problems. Never throws for what a file says.
/// </summary>
internal static class SpecReader
{
    /// <summary>Reads a file, or a folder of files and folders.</summary>
    internal static SpecReading Read(string path) => Read([path], SpecOptions.AnySite);

    internal static SpecReading Read(IReadOnlyList<string> paths, SpecOptions options)
    {
        var problems = new SpecProblems();
        return Read(SpecSources.Find(paths, problems), options, problems);
    }

    /// <summary>Reads a text as if it stood in a file of this name.</summary>
    internal static SpecReading ReadText(string file, string text) => ReadFiles([new SpecFile(file, text)], SpecOptions.AnySite);

    /// <summary>Reads one customer from the files of its edition.</summary>
    internal static SpecReading ReadFiles(IReadOnlyList<SpecFile> files, SpecOptions options) =>
        Read([new SpecFolder("", files)], options, new SpecProblems());

    private static SpecReading Read(IReadOnlyList<SpecFolder> folders, SpecOptions options, SpecProblems problems)
    {
        var customers = new List<CustomerSpec>();
        foreach (var folder in folders)
        {
            foreach (var (root, sources) in Customers(folder, problems))
            {
                if (new CustomerReader(problems, options).Read(root, sources) is { } spec)
                {
                    customers.Add(spec);
                }
            }
        }

        Doubles(customers, problems);
        return new SpecReading(customers, problems.Sorted());
    }

    /// <summary>
    /// With one file that names a customer, the other files of its folder are that customer's parts; with several, each file is
    /// a customer of its own.
    /// </summary>
    private static IEnumerable<(SpecMap Root, IReadOnlyList<SpecFile> Sources)> Customers(SpecFolder folder, SpecProblems problems)
    {
        var trees = folder.Files
            .Select(f => (File: f, Root: SpecSources.HasControls(f, problems) ? null : SpecTree.Read(f.Name, f.Text, problems)))
            .ToList();
        var allRead = trees.TrueForAll(t => t.Root is not null);
        var named = trees.Where(t => t.Root?.Entry("customer") is not null).ToList();
        var parts = trees.Where(t => t.Root is not null && t.Root.Entry("customer") is null).ToList();
        var customers = named.Count + trees.Count(t => t.Root is null && NamesCustomer(t.File));
        if (customers == 1 && trees.Count > 1)
        {
            // With a part that cannot be read, what refers to it would look wrong.
            return allRead ? [(SpecParts.Join(named[0].Root!, [.. parts.Select(p => p.Root!)], problems), [named[0].File, .. parts.Select(p => p.File)])] : [];
        }

        foreach (var part in parts.Where(_ => customers > 1))
        {
            problems.Wrong(part.Root!.At, CustomerText.NamesNoCustomer, CustomerText.NamesNoCustomerRight);
        }

        var whole = named.Count == 0 && allRead ? parts : named;
        return whole.Select(t => (t.Root!, (IReadOnlyList<SpecFile>)[t.File]));
    }

    private static bool NamesCustomer(SpecFile broken) =>
        broken.Text.StartsWith("customer:", StringComparison.Ordinal) || broken.Text.Contains("\ncustomer:", StringComparison.Ordinal);

    private static void Doubles(List<CustomerSpec> customers, SpecProblems problems)
    {
        var byId = new Dictionary<CustomerId, CustomerSpec>();
        var byList = new Dictionary<string, CustomerSpec>(StringComparer.OrdinalIgnoreCase);
        foreach (var customer in customers)
        {
            if (!byId.TryAdd(customer.Id, customer))
            {
                var first = byId[customer.Id].At;
                problems.Wrong(customer.At, CustomerText.AlreadyIn(customer.Id.Value, first.File, first.Line), CustomerText.OwnId);
            }
            else if (customer.MailingList.Address.Length > 0 && !byList.TryAdd(customer.MailingList.Address, customer))
            {
                problems.Note(customer.MailingListAt, CustomerText.SameList(byList[customer.MailingList.Address].Id.Value), CustomerText.OthersMails);
            }
        }
    }
}
