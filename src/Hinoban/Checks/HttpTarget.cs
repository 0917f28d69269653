using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>Where one request goes: scheme, the name asked for, the address dialled, the path. Redirects make a new one.</summary>
internal sealed record HttpTarget(bool Tls, string HostName, string Address, int Port, string Path)
{
    internal static HttpTarget Of(HttpLookPlan plan, string address) =>
        new(plan.Tls, plan.HostName.Length > 0 ? plan.HostName : address, address, plan.Port, SafePath(plan.Path));

    internal string Url => $"{(Tls ? "https" : "http")}://{Authority}{Path}";

    /// <summary>For the Host field: the port only when it is not the scheme's own (RFC 9110 §7.2).</summary>
    internal string Authority => (Tls ? 443 : 80) == Port ? Bracketed : string.Create(CultureInfo.InvariantCulture, $"{Bracketed}:{Port}");

    private string Bracketed => HostName.Contains(':') && !HostName.StartsWith('[') ? $"[{HostName}]" : HostName;

    /// <summary>The target a Location field names; null if it names none that we can ask.</summary>
    internal HttpTarget? Redirected(string location)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var here) || !Uri.TryCreate(here, location, out var next) || (next.Scheme != Uri.UriSchemeHttp && next.Scheme != Uri.UriSchemeHttps) || NameOf(next) is not { } name)
        {
            return null;
        }

        // The item's own name stays at the item's own address: the specification says where that is, not DNS.
        var same = string.Equals(name, HostName, StringComparison.OrdinalIgnoreCase) || string.Equals(name, Address, StringComparison.OrdinalIgnoreCase);
        return new HttpTarget(next.Scheme == Uri.UriSchemeHttps, name, same ? Address : name, next.Port, SafePath(next.PathAndQuery)) { First = First ?? this };
    }

    // The framework takes for a host what no Host field can hold (anything behind the % of an IPv6 zone), and what it cannot itself write in ASCII.
    private static string? NameOf(Uri uri)
    {
        try
        {
            return uri.IdnHost is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':') ? name : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>The target of the specification, from which redirects came.</summary>
    private HttpTarget? First { get; init; }

    /// <summary>A watched server must not be able to make the site ask its own loopback or link-local services.</summary>
    internal bool MayBeFollowed(IPAddress[] addresses) =>
        Address == First?.Address || Array.TrueForAll(addresses, a => !IsOwn(a));

    private static bool IsOwn(IPAddress address)
    {
        var a = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(a) || a.IsIPv6LinkLocal || a.Equals(IPAddress.Any) || a.Equals(IPAddress.IPv6Any)
            || (a.AddressFamily == AddressFamily.InterNetwork && a.GetAddressBytes() is [169, 254, ..] or [0, ..]);
    }

    /// <summary>A path that can stand in a request line: anything outside visible ASCII is percent-encoded.</summary>
    private static string SafePath(string path)
    {
        var rooted = path.StartsWith('/') ? path : "/" + path;
        return string.Concat(System.Text.Encoding.UTF8.GetBytes(rooted).Select(b =>
            b is > 0x20 and < 0x7F and not (byte)'#' ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"%{b:X2}")));
    }
}
