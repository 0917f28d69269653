using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Specifications for the tests of this room.</summary>
internal static class SpecSamples
{
    internal static readonly SiteName Tokyo = new("tokyo");
    internal static readonly SiteName Osaka = new("osaka");
    internal static readonly IReadOnlyList<SiteName> Both = [Tokyo, Osaka];

    /// <summary>Lines 1 to 4 of every small specification.</summary>
    internal const string Head =
        """
        customer: acme
        mailing_list:
          address: acme-mon@lists.example.jp
          members: [{ name: Tanaka, mail: tanaka@acme.example.jp }, { desk: true }]

        """;

    internal static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Hinoban.slnx")))
            {
                folder = Path.GetDirectoryName(folder.TrimEnd('/'))!;
            }

            return folder;
        }
    }

    internal static string Example => Path.Combine(Root, "docs", "reference", "spec-example.yaml");

    internal static string ThirtyMistakes => Path.Combine(Root, "tests", "Hinoban.Tests", "Specs", "thirty-mistakes.yaml");

    internal static CustomerPlan Plan(string text, params SiteName[] sites)
    {
        var reading = SpecReader.ReadText("s.yaml", text);
        Assert.DoesNotContain(reading.Problems, p => p.Level == ProblemLevel.Error);
        return PlanBuilder.Preview(Assert.Single(reading.Customers), sites.Length == 0 ? Both : sites);
    }

    internal static ItemPlan Item(CustomerPlan plan, string title) => Assert.Single(plan.Items, i => i.Title == title);

    /// <summary>A customer with so many TCP services on hosts of twenty.</summary>
    internal static string Large(string customer, int services)
    {
        var text = new System.Text.StringBuilder($"customer: {customer}\nmailing_list: {{ address: {customer}@lists.example.jp, members: [{{ desk: true }}] }}\nhosts:\n");
        for (var i = 0; i < services; i++)
        {
            if (i % 20 == 0)
            {
                text.Append($"  h{i / 20}:\n    address: 10.{i / 20 / 65536}.{i / 20 / 256 % 256}.{i / 20 % 256}\n    checks:\n");
            }

            text.Append($"      s{i % 20}: {{ kind: tcp, port: {1000 + (i % 20)}, warn: 2s, crit: 5s, interval: 3m }}\n");
        }

        return text.ToString();
    }
}

/// <summary>A folder of its own for a test, gone afterwards.</summary>
internal sealed class SpecFolderOnDisk : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("hinoban-specs-").FullName;

    internal string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
