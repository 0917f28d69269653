using System.Globalization;
using System.Text;

namespace Hinoban.Bench;

/// <summary>What a bench lets a desk and a site do: so many services of one check, twenty a host, on addresses of 127.0.0.0/8.</summary>
/// <param name="Check">The check as a specification says it, of each service alike.</param>
internal sealed record BenchLoad(int Services, string Interval, string Check)
{
    internal const int PerHost = 20;

    /// <summary>Of a hundred hosts so many do not answer. With any, failures are kept soft for ten looks: what many incidents cost is another question (<c>storm</c>).</summary>
    internal int Dead { get; init; }

    /// <summary>Grows with each change of the specifications.</summary>
    internal int Edition { get; init; } = 1;
}

/// <summary>Writes a load as specifications of customers with 500 hosts each.</summary>
internal static class BenchSpecs
{
    private const int HostsEach = 500;

    internal static void Write(string folder, BenchLoad load)
    {
        var hosts = load.Services / BenchLoad.PerHost;
        for (var (customer, at) = (0, 0); at < hosts; customer++)
        {
            var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
                customer: bench-{{customer}}
                name: Bench {{customer}}
                contract: B-{{customer}}
                language: ja
                time_zone: Asia/Tokyo
                edition: {{load.Edition}}
                mailing_list: { address: list{{customer}}@bench.example, members: [{ name: One, mail: one@bench.example }] }
                defaults: { interval: {{load.Interval}}, timeout: 10s{{(load.Dead > 0 ? $", attempts: 10, retry: {load.Interval}" : "")}} }
                templates:
                  all:
                    checks:

                """));
            for (var service = 0; service < BenchLoad.PerHost; service++)
            {
                text.Append(CultureInfo.InvariantCulture, $"      s{service}: {{ {load.Check} }}\n");
            }

            text.Append("hosts:\n");
            for (var n = 0; n < HostsEach && at < hosts; n++, at++)
            {
                text.Append(CultureInfo.InvariantCulture, $"  h{at}: {{ address: {AddressOf(at, load.Dead)}, alive: none, use: all }}\n");
            }

            // A new edition is one host more with the first customer: something changes, and all the rest stays as it was.
            if (customer == 0 && load.Edition > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"  new{load.Edition}: {{ address: 127.0.0.1, alive: none, use: all }}\n");
            }

            var file = Path.Combine(folder, $"bench-{customer}.yaml");
            if (customer == 0 || !File.Exists(file))
            {
                File.WriteAllText(file, text.ToString());
            }
        }
    }

    private static string AddressOf(int host, int dead) => host % 100 < dead
        ? Sink.SilentAddress
        : string.Create(CultureInfo.InvariantCulture, $"127.{1 + (host / 62_500)}.{host / 250 % 250}.{(host % 250) + 1}");
}
