using System.Globalization;
using System.Net;
using System.Text;

namespace Hinoban.Acceptance.Scene;

/// <summary>What many hosts have in common, and the one port on which all of them answer as long as it is well.</summary>
/// <param name="Customer">Whose hosts they are.</param>
/// <param name="Name">Begins their names.</param>
/// <param name="Hosts">How many.</param>
/// <param name="Services">On each.</param>
/// <param name="Vendor">Where they stand; empty: nowhere that the specification knows.</param>
/// <param name="Network">The first two bytes of their addresses, 200 hosts in a /24.</param>
/// <param name="Router">A host of its own before all of them.</param>
internal sealed record StormCause(string Customer, string Name, int Hosts, int Services, string Vendor, string Network, bool Router = false)
{
    /// <summary>One service of a host that is well otherwise.</summary>
    internal bool IsSingle => Hosts == 1;
}

/// <summary>Thousands of TCP services on addresses of 127/8, one listener for each cause: closing it is what makes all of them fail in one moment.</summary>
internal sealed class StormTargets : IDisposable
{
    private readonly IReadOnlyList<StormCause> causes;
    private readonly Plug well = new(IPAddress.Any);
    private readonly Dictionary<string, Plug> plugs;

    internal StormTargets(IReadOnlyList<StormCause> causes) => (this.causes, plugs) = (causes, causes.ToDictionary(c => c.Name, _ => new Plug(IPAddress.Any)));

    internal int Items => causes.Sum(c => (c.Hosts * (c.Services + 1)) + (c.Router ? 1 : 0));

    internal int Services => causes.Sum(c => c.Hosts * c.Services);

    internal void Fail() => plugs.Values.ToList().ForEach(p => p.Close());

    internal void Mend() => plugs.Values.ToList().ForEach(p => p.Open());

    /// <summary>The customers' specifications: file name and text.</summary>
    internal IEnumerable<(string File, string Text)> Specifications(TimeSpan interval) => causes.GroupBy(c => c.Customer).Select(c => ($"{c.Key}.yaml", Specification(c.Key, [.. c], interval)));

    public void Dispose()
    {
        plugs.Values.ToList().ForEach(p => p.Dispose());
        well.Dispose();
    }

    private string Specification(string customer, IReadOnlyList<StormCause> own, TimeSpan interval)
    {
        var vendors = own.Select(c => c.Vendor).Where(v => v.Length > 0).Distinct().ToList();
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            customer: {{customer}}
            name: {{customer}}
            contract: S-1
            language: en
            edition: 1
            mailing_list:
              address: {{customer}}@lists.example.test
              members: [{ name: Tanaka, mail: {{customer}}@example.test }, { desk: true }]
            defaults: { interval: {{interval.TotalSeconds}}s, timeout: 5s, attempts: 2, retry: 15s }
            runbooks:
              look: { title: { ja: 再確認, en: Look again }, risk: read, steps: [{ recheck: { still: failing } }] }

            """));
        if (vendors.Count > 0)
        {
            text.Append("vendors:\n").AppendJoin("", vendors.Select(v => $"  {v}: {{ name: {v} }}\n"));
        }

        text.Append("hosts:\n");
        own.ToList().ForEach(cause => Append(text, cause));
        return text.ToString();
    }

    private void Append(StringBuilder text, StormCause cause)
    {
        var port = plugs[cause.Name].Port;
        if (cause.Router)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {cause.Name}:\n    address: {cause.Network}.250.1\n    alive: {{ kind: tcp, port: {port}, runbook: look }}\n");
        }

        for (var n = 0; n < cause.Hosts; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {cause.Name}-{n}:\n    address: {cause.Network}.{n / 200}.{(n % 200) + 1}\n    alive: {{ kind: tcp, port: {(cause.IsSingle ? well.Port : port)}, runbook: look }}\n");
            text.Append(cause.Router ? $"    parents: [{cause.Name}]\n" : "").Append(cause.Vendor.Length > 0 ? $"    datacentre: {{ vendor: {cause.Vendor} }}\n" : "").Append("    checks:\n");
            for (var s = 0; s < cause.Services; s++)
            {
                text.Append(CultureInfo.InvariantCulture, $"      s{s}: {{ kind: tcp, port: {port}, runbook: look }}\n");
            }
        }
    }
}
