using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Which item keeps which id.</summary>
public sealed class ItemRulesTests
{
    // In force and after as "title id"; what is new gets ids from 50.
    [Theory]
    [InlineData("a 1, a/x 2", "a: { address: a.jp, checks: { x: tcp:1 } }", "a 1, a/x 2", "")]
    [InlineData("a 1", "a: { address: a.jp, checks: { x: tcp:1 } }", "a 1, a/x 50", "added a/x")]
    [InlineData("a 1, b 2", "a: { address: a.jp }", "a 1", "retired b")]
    [InlineData("a 1", "b: { address: a.jp, was: a }", "b 1", "renamed b")]
    [InlineData("a 1, a/x 2", "b: { address: a.jp, was: a, checks: { y: { kind: tcp, port: 1, was: x } } }", "b 1, b/y 2", "renamed b b/y")]
    [InlineData("a 1, a/x 2", "b: { address: a.jp, was: a, checks: { x: tcp:1 } }", "b 1, b/x 2", "renamed b b/x")]
    [InlineData("a 1, b 2", "b: { address: a.jp, was: a }", "b 2", "retired a")] // renamed long ago: it has its own
    [InlineData("a 1", "a: { address: a.jp }, b: { address: b.jp, was: a }", "a 1, b 50", "added b")] // still there: nothing to take over
    [InlineData("b 2", "a: { address: a.jp, was: b }, b: { address: b.jp }", "a 50, b 2", "added a")] // nor for one that stands before it
    [InlineData("a 1", "b: { address: b.jp, was: a }, c: { address: c.jp, was: a }", "b 1, c 50", "added c renamed b")]
    [InlineData("a 1, b 2", "c: { address: c.jp, was: [a, b] }", "c 1", "renamed c retired b")]
    [InlineData("a 1", "b: { address: b.jp }", "b 50", "added b retired a")]
    [InlineData("", "a: { address: a.jp }, b: { address: b.jp, was: z }", "a 50, b 51", "added a b")]
    public void A_name_in_force_keeps_its_id_and_a_former_one_that_is_gone_is_taken_over(string inForce, string hosts, string after, string changes)
    {
        var spec = SpecReader.ReadText("s.yaml", $"{SpecSamples.Head}hosts: {{ {hosts} }}").Customers.Single();
        var next = 50;
        var result = ItemRules.Match(spec, [.. inForce.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(t => Identity(spec, t))], () => new ItemId(next++));

        Assert.Equal(after, string.Join(", ", result.Ids.Select(i => $"{Title(i.Key.Host, i.Key.Service)} {i.Value}")));
        Assert.Equal(changes, string.Join(' ', new[] { Said("added", result.Added), Said("renamed", result.Renamed), Said("retired", result.Retired) }.Where(s => s.Length > 0)));
        Assert.Equal(changes.Length > 0, result.Any);
        Assert.All(result.Added.Concat(result.Renamed), i => Assert.Equal((spec.Id, false, result.Ids[(i.Host, i.Service)]), (i.Customer, i.Retired, i.Id)));
    }

    private static ItemIdentity Identity(CustomerSpec spec, string text) =>
        text.Split(' ', '/') is [var host, .. var service, var id] ? new(new ItemId(int.Parse(id)), spec.Id, host, string.Concat(service), Retired: false) : throw new InvalidOperationException(text);

    private static string Title(string host, string service) => service.Length > 0 ? $"{host}/{service}" : host;

    private static string Said(string what, IReadOnlyList<ItemIdentity> items) => items.Count == 0 ? "" : $"{what} {string.Join(' ', items.Select(i => Title(i.Host, i.Service)))}";
}
