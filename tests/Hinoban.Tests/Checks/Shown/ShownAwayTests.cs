using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R62 to R68, away: real servers killed while they are asked, ports that refuse, addresses that never answer, firewalls that say no.</summary>
public sealed class ShownAwayTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Looks looks = new(PluginOptions.Default, TimeProvider.System);

    public static TheoryData<string> Servers => ["nginx", "dovecot", "postfix", "vsftpd", "vsftpd6", "telnetd", "telnetd6", "sshd", "dnsmasq"];

    public static TheoryData<string, string> Everything
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (kind, _, _) in ShownKinds.All)
            {
                rows.Add(kind, "192.0.2.9");
                rows.Add(kind, "2001:db8::9");
            }

            return rows;
        }
    }

    public void Dispose()
    {
        looks.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_server_that_is_killed_while_it_is_asked_is_cut_and_from_then_on_refused(string server)
    {
        await using var own = await OwnServer.StartAsync(server, folder.Path);
        var items = own.Items;
        Assert.All(await AskAsync(items), a => Assert.Equal(CheckStatus.Ok, a.Status));

        using var still = new Standstill(own.Pid);
        var dying = AskAsync(items);
        Assert.True(Pids.WaitUntil(() => own.Waiting >= items.Count(i => i.Kind is not ("udp" or "dns")), TimeSpan.FromSeconds(5)), "nobody waits to be taken");
        still.Kill();
        foreach (var (item, answer) in items.Zip(await dying))
        {
            Assert.Equal((CheckStatus.Critical, Reply.Transport), (answer.Status, answer.Reply));
            Assert.True(answer.NoValue is NoValue.Refused or NoValue.TlsCut, $"{item}: {answer.Output}");
        }

        foreach (var (item, answer) in items.Zip(await AskAsync(items)))
        {
            Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (answer.Status, answer.Reply, answer.NoValue));
            Assert.Equal($"{ShownKinds.Of(item.Kind).Prefix} CRITICAL - connection refused ({LookFailures.Place(item.Address, item.Port)})", answer.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task An_address_that_never_answers_is_a_time_out(string kind, string address)
    {
        using var net = LabNet.Create(out var whyNot);
        Assert.SkipWhen(net is null, whyNot);
        net!.BlackHole("192.0.2.9", "192.0.2.1/24");
        net.Ip("addr add 2001:db8::1/64 dev hole nodad");
        net.Ip("neigh add 2001:db8::9 lladdr 02:00:00:00:00:99 dev hole nud permanent");
        var answer = await net.Run(() => looks.LookAsync(CheckItems.Of(ShownKinds.Plan(kind, 4711), address), CheckItems.Short, default));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal(
            $"{ShownKinds.Of(kind).Prefix} CRITICAL - no answer from {LookFailures.Place(address, 4711)} within 0.4 seconds ({(kind is "udp" or "dns" ? "no datagram back" : "not connected")})", answer.Output);
    }

    // What firewalld and its kin send by default; of IPv6 Linux hands it to programs as "permission denied".
    [Theory]
    [MemberData(nameof(Everything))]
    public async Task A_firewall_that_forbids_is_unreachable_in_both_families(string kind, string address)
    {
        using var net = Firewalled(address, "icmpx type admin-prohibited");
        var answer = await net.Run(() => looks.LookAsync(CheckItems.Of(ShownKinds.Plan(kind, 4711), address), TimeSpan.FromSeconds(2), default));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Unreachable), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal($"{ShownKinds.Of(kind).Prefix} CRITICAL - no route to host ({LookFailures.Place(address, 4711)})", answer.Output);
    }

    [Theory]
    [InlineData("tcp", "192.0.2.9")]
    [InlineData("tcp", "2001:db8::9")]
    [InlineData("http", "2001:db8::9")]
    public async Task A_firewall_that_resets_is_refused(string kind, string address)
    {
        using var net = Firewalled(address, "tcp reset");
        var answer = await net.Run(() => looks.LookAsync(CheckItems.Of(ShownKinds.Plan(kind, 4711), address), TimeSpan.FromSeconds(2), default));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (answer.Status, answer.Reply, answer.NoValue));
    }

    private static LabNet Firewalled(string address, string answer)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nft"), "nftables is not installed: ./dev test installs it");
        var net = LabNet.Create(out var whyNot);
        Assert.SkipWhen(net is null, whyNot);
        net!.Ip(address.Contains(':', StringComparison.Ordinal) ? $"addr add {address}/128 dev lo nodad" : $"addr add {address}/32 dev lo");
        net.Command("nft", "add table inet lab");
        net.Command("nft", "add chain inet lab in { type filter hook input priority 0; }");
        net.Command("nft", $"add rule inet lab in tcp dport 4711 reject with {answer}");
        net.Command("nft", "add rule inet lab in udp dport 4711 reject with icmpx type admin-prohibited");
        return net;
    }

    private Task<LookAnswer[]> AskAsync(IReadOnlyList<(string Kind, string Address, int Port)> items) =>
        Task.WhenAll(items.Select(i => looks.LookAsync(CheckItems.Of(ShownKinds.Plan(i.Kind, i.Port), i.Address), TimeSpan.FromSeconds(6), default)));
}
