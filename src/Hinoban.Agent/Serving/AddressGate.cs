using System.Net;

namespace Hinoban.Agent.Serving;

/// <summary>Whether an address may knock at all: asked before a single byte is read.</summary>
internal static class AddressGate
{
    internal static bool Allows(IReadOnlyList<IPNetwork> allowed, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

        // fe80::1%eth0 is the address, whichever interface it came by.
        var bare = plain.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && plain.ScopeId != 0 ? new IPAddress(plain.GetAddressBytes()) : plain;
        return allowed.Any(n => n.Contains(bare));
    }
}
