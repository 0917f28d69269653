using System.Net;
using System.Net.Sockets;

namespace Hinoban.People;

/// <summary>How the address of a request's sender is written down, and which addresses count as one sender.</summary>
internal static class Origins
{
    /// <summary>Empty if there is none. An IPv4 address is the same whether it came over a socket for both families or not.</summary>
    internal static string Of(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        _ => address.ToString(),
    };

    /// <summary>One sender: an IPv4 address, or the /64 of an IPv6 one, which usually belongs to one customer of a provider.</summary>
    internal static string SenderOf(IPAddress? address) => address switch
    {
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => Of(address),
    };

    internal static string SenderOf(string origin) => IPAddress.TryParse(origin, out var address) ? SenderOf(address) : origin;
}
