using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Server.Options;
using Hinoban.Specs;

namespace Hinoban.Tests.Server;

/// <summary>Of the settings, those by which the watching is watched.</summary>
public sealed partial class OptionsTests
{
    [Fact]
    public void A_site_has_anchors_and_half_of_them_must_answer()
    {
        const string Site = "--name tokyo --desk https://desk.example.jp:8443 --key site.key --data d --config all.yaml";
        var anchors = Right(ServerRole.Site, Site, "anchors: ['192.0.2.1:53', anchor.example.jp, '[2001:db8::1]:443']\n").Anchors;
        Assert.Equal([new Anchor("192.0.2.1", 53), new Anchor("anchor.example.jp", null), new Anchor("2001:db8::1", 443)], anchors.Anchors);
        Assert.Equal(2, anchors.Quorum);
        Assert.Equal(1, Right(ServerRole.Site, Site, "anchors: [a.jp, b.jp, c.jp]\nanchor_quorum: 1\n").Anchors.Quorum);
        Assert.Equal(3, Right(ServerRole.Up, "--data d --specs spec.yaml", null, ("HINOBAN_ANCHORS", "a.jp, b.jp:25, c.jp"), ("HINOBAN_ANCHOR_QUORUM", "3")).Anchors.Quorum);
        Assert.Contains(Right(ServerRole.Site, Site, "log: line\n").Notes, n => n.Where == "anchors");
        Assert.Empty(Right(ServerRole.Site, "--name tokyo --desk http://127.0.0.1:8080 --key site.key --data d").Notes);
        Assert.Empty(Right(ServerRole.Up, "--data d --specs spec.yaml --config all.yaml", "mail: { domain: mon.example.jp }\n").Notes);
        Assert.Contains(Wrong(ServerRole.Site, Site, "anchors: ['a.jp:0']\n"), p => p.Contains("all.yaml:1:10: this is not an anchor", StringComparison.Ordinal));
        Assert.Contains(Wrong(ServerRole.Site, Site, "anchors: [a.jp, a.jp]\n"), p => p.Contains("twice", StringComparison.Ordinal));
        Assert.Contains(Wrong(ServerRole.Site, Site, "anchors: [a.jp]\nanchor_quorum: 2\n"), p => p.Contains("from 1 to 1", StringComparison.Ordinal));
        Assert.Contains(Wrong(ServerRole.Site, "--name desk --desk https://desk.example.jp:8443 --key site.key --data d"), p => p.Contains("the desk itself", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("anchors: ['a.jp:53@iij', b.jp@ntt, c.jp@kddi]\ncarriers: [tokyo=ntt]", "")]
    [InlineData("anchors: [a.jp@ntt, b.jp@ntt, c.jp@ntt]\ncarriers: [osaka=kddi, tokyo=ntt]", "all.yaml:1:10: all anchors are at the site's own carrier (ntt), a carrier that")]
    [InlineData("anchors: [a.jp@ntt, b.jp@ntt, c.jp@ntt]\ncarriers: [osaka=ntt, tokyo=kddi]", "")]
    [InlineData("anchors: [a.jp@ntt, b.jp@ntt, c.jp]\ncarriers: [tokyo=ntt]", "")]
    [InlineData("anchors: [a.jp@ntt, b.jp@ntt, c.jp@ntt]", "")]
    [InlineData("anchors: [a.jp, b.jp]", "all.yaml:1:10: there are fewer than three anchors, write three or more")]
    public void Anchors_that_prove_little_are_noted(string yaml, string note)
    {
        var options = Right(ServerRole.Site, "--name tokyo --desk https://desk.example.jp:8443 --key site.key --data d --config all.yaml", yaml + "\n");
        Assert.StartsWith(note, string.Join('\n', options.Notes.Select(n => n.In(Language.En).Replace(folder + "/", "", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Equal(note.Length > 0 ? 1 : 0, options.Notes.Count);
        Assert.Empty(Right(ServerRole.Site, "--name tokyo --desk http://127.0.0.1:8080 --key site.key --data d --config all.yaml", yaml + "\n").Notes);
    }

    [Fact]
    public void An_anchor_may_say_in_whose_network_it_is()
    {
        const string Site = "--name tokyo --desk https://desk.example.jp:8443 --key site.key --data d --config all.yaml";
        Assert.Equal(
            [new Anchor("192.0.2.1", 53) { Carrier = "iij" }, new Anchor("b.jp", null) { Carrier = "ntt" }, new Anchor("2001:db8::1", 443)],
            Right(ServerRole.Site, Site, "anchors: ['192.0.2.1:53@iij', b.jp@ntt, '[2001:db8::1]:443']\n").Anchors.Anchors);
        foreach (var wrong in new[] { "a.jp@", "'@ntt'", "a.jp@b@c" })
        {
            Assert.Contains(Wrong(ServerRole.Site, Site, $"anchors: [{wrong}]\n"), p => p.Contains("this is not an anchor", StringComparison.Ordinal));
        }

        Assert.Contains(Wrong(ServerRole.Site, Site, "anchors: [a.jp@iij, a.jp@ntt]\n"), p => p.Contains("twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_desk_for_others_than_this_machine_is_told_who_would_not_notice_its_end()
    {
        const string Mail = "mail: { domain: mon.example.jp }\n";
        IReadOnlyList<string> Notes(ServerRole role, string listen, string yaml) =>
            [.. Right(role, $"--data d --specs spec.yaml --config all.yaml --listen {listen}", Mail + yaml).Notes.Select(n => n.In(Language.En).Split(", ")[0])];

        const string Url = "https://0.0.0.0:8443";
        Assert.Equal(
            ["heartbeat.url: no heartbeat goes out", "peers: the sites have no peers", "carriers: the carrier of sites is not written (tokyo"],
            Notes(ServerRole.Desk, Url, ""));
        Assert.Empty(Notes(ServerRole.Desk, "http://127.0.0.1:8080", ""));
        Assert.Empty(Notes(
            ServerRole.Desk,
            Url,
            "heartbeat: { url: 'https://watch.example.jp/' }\npeers: ['tokyo=https://t.example.jp:8444', 'osaka=https://o.example.jp:8444']\ncarriers: [tokyo=ntt, osaka=kddi]\n"));
        Assert.Equal(["carriers: the carrier of sites is not written (osaka)"], Notes(
            ServerRole.Desk, Url, "heartbeat: { url: 'https://watch.example.jp/' }\npeers: ['tokyo=https://t.example.jp:8444', 'osaka=https://o.example.jp:8444']\ncarriers: [tokyo=ntt]\n"));

        // The sites of 'up' are this very process.
        Assert.Equal(["heartbeat.url: no heartbeat goes out"], Notes(ServerRole.Up, Url, "anchors: [a.jp, b.jp, c.jp]\n"));
    }

    [Fact]
    public void Sites_of_one_carrier_are_noted_and_the_heartbeat_is_read()
    {
        var options = Right(ServerRole.Desk, "--data d --specs spec.yaml --config all.yaml", """
            sites: [tokyo, osaka, nagoya]
            mail: { domain: mon.example.jp }
            carriers: [tokyo=ntt, osaka=ntt, nagoya=kddi]
            heartbeat: { url: "https://watch.example.jp/ping/abc?t=1", method: post }
            """);
        Assert.Equal("kddi", options.Desk!.Carriers[new SiteName("nagoya")]);
        Assert.Equal(new HeartbeatOptions(new Uri("https://watch.example.jp/ping/abc?t=1"), Post: true), options.Desk.Heartbeat);
        Assert.Contains("(ntt: tokyo, osaka)", Assert.Single(options.Notes).In(Language.En));
        Assert.Contains(Wrong(ServerRole.Desk, "--data d --specs spec.yaml --config all.yaml", "carriers: [kyoto=ntt]\n"), p => p.Contains("not SITE=CARRIER", StringComparison.Ordinal));
        Assert.Contains(Wrong(ServerRole.Desk, "--data d --specs spec.yaml --config all.yaml", "heartbeat: { url: 'ftp://x/' }\n"), p => p.Contains("not a URL", StringComparison.Ordinal));
    }
}
