using System.Text;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>What is an address, at the edges.</summary>
public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("192.0.2.10", true)]
    [InlineData("192.0.2.256", false)]
    [InlineData("010.1", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:0db8:0000:0000:0000:ffff:192.168.100.100", true)] // as long as one can be
    [InlineData("2001:0db8:0000:0000:0000:ffff:192.168.100.0100", false)]
    [InlineData("::ffff:1.2.3.4", true)]
    [InlineData("::ffff:10.0.0.010", false)] // it means another machine to some programs
    [InlineData("fe80::1%eth0", false)]
    [InlineData("2001:db8::g", false)]
    [InlineData(":::", false)]
    [InlineData("web01", false)]
    public void An_IP_address(string text, bool right)
    {
        Assert.Equal(right, AddressRules.IsIp(text));
        Assert.Equal(right || text == "web01", AddressRules.IsHost(text));
    }

    [Theory]
    [InlineData("tanaka@example.jp", true)]
    [InlineData("a..b.@docomo.example.jp", true)]
    [InlineData("@example.jp", false)]
    [InlineData("tanaka@", false)]
    [InlineData("tanaka", false)]
    [InlineData("ta naka@example.jp", false)]
    [InlineData("tanaka@exa mple.jp", false)]
    [InlineData("a@b@example.jp", false)]
    public void A_mailbox(string text, bool right) => Assert.Equal(right, AddressRules.IsMail(text));

    [Theory]
    [InlineData(64, 189, true)] // 254 characters
    [InlineData(64, 190, false)]
    [InlineData(65, 100, false)]
    public void A_mailbox_has_its_lengths(int local, int domain, bool right) => Assert.Equal(right, AddressRules.IsMail($"{new string('a', local)}@{Domain(domain)}"));

    [Theory]
    [InlineData("03-0000-8901", true)]
    [InlineData("+81 90-0000-4567", true)]
    [InlineData("110", true)]
    [InlineData("11", false)]
    [InlineData("1-1", false)]
    [InlineData("0120 000 000 0120 000 000 0120 000 000 0", true)] // 40 characters
    [InlineData("0120 000 000 0120 000 000 0120 000 000 00", false)]
    [InlineData("call me", false)]
    public void A_phone_number(string text, bool right) => Assert.Equal(right, AddressRules.IsPhone(text));

    [Theory]
    [InlineData("Asia/Tokyo", true)]
    [InlineData("UTC", true)]
    [InlineData("Asia/Atlantis", false)]
    [InlineData("../etc/passwd", false)]
    [InlineData("Asia//Tokyo", false)] // the runtime would find its file
    [InlineData("Tokyo Standard Time", false)]
    public void A_time_zone(string text, bool right) => Assert.Equal(right, AddressRules.IsZone(text));

    [Theory]
    [InlineData("ssh-ed25519", "ssh-ed25519", 1, " comment", true)]
    [InlineData("ssh-ed25519", "ssh-ed25519", 1, "", true)]
    [InlineData("ssh-ed25519", "ssh-ed25519", 0, "", false)] // a name, and no key
    [InlineData("ssh-ed25519", "ssh-ed25518", 1, "", false)]
    [InlineData("ssh-dss", "ssh-dss", 1, "", false)]
    [InlineData("ssh-ed25519", "ssh-ed25519", 1, " a\u0007b", false)]
    public void A_host_key_repeats_its_name(string type, string inside, int more, string comment, bool right) =>
        Assert.Equal(right, AddressRules.IsHostKey($"{type} {Key(inside, more)}{comment}"));

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_host_key_is_not_too_long(int length, bool right)
    {
        var key = $"ssh-ed25519 {Key("ssh-ed25519", 32)} ";
        Assert.Equal(right, AddressRules.IsHostKey(key + new string('x', length - key.Length)));
    }

    [Fact]
    public void A_host_key_is_a_name_and_base64()
    {
        Assert.False(AddressRules.IsHostKey("ssh-ed25519"));
        Assert.False(AddressRules.IsHostKey("ssh-ed25519 ?"));
        Assert.False(AddressRules.IsHostKey("ssh-ed25519 AAAA"));
        var length = Convert.FromBase64String(Key("ssh-ed25519", 32));
        length[3]++;
        Assert.False(AddressRules.IsHostKey($"ssh-ed25519 {Convert.ToBase64String(length)}"));
        Assert.False(AddressRules.IsHostKey($"ssh-ed25519 {Convert.ToBase64String([.. Enumerable.Repeat((byte)0, 80)])}"));
        length[3]--;
        length[0] = 1;
        Assert.False(AddressRules.IsHostKey($"ssh-ed25519 {Convert.ToBase64String(length)}"));
    }

    [Theory]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public void A_path_is_not_too_long(int length, bool right) => Assert.Equal(right, AddressRules.IsPath("/" + new string('a', length - 1)));

    [Fact]
    public void A_path_has_no_blank() => Assert.False(AddressRules.IsPath("/a b"));

    private static string Domain(int length) => string.Join('.', Enumerable.Range(0, 4).Select(i => new string('d', (length - 3 + i) / 4)));

    private static string Key(string name, int more) => Convert.ToBase64String([0, 0, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0, 0, (byte)more, .. Enumerable.Repeat((byte)7, more)]);
}
