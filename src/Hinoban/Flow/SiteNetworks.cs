using System.Net;

namespace Hinoban.Flow;

/// <summary>Whether two sites come from one network, as far as their addresses tell: then one broken line can take both.</summary>
internal static class SiteNetworks
{
    // What a carrier gives one customer, and not less.
    private const int SharedV4 = 24 / 8;
    private const int SharedV6 = 48 / 8;

    /// <summary>The same address, or one /24; with IPv6 one /48.</summary>
    internal static bool AreOne(IPAddress a, IPAddress b)
    {
        var (left, right) = (Bytes(a), Bytes(b));
        return left.Length == right.Length && left.AsSpan(0, left.Length == 4 ? SharedV4 : SharedV6).SequenceEqual(right.AsSpan(0, left.Length == 4 ? SharedV4 : SharedV6));
    }

    private static byte[] Bytes(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
}
