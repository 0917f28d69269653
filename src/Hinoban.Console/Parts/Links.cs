using Hinoban.Basics;

namespace Hinoban.Console.Parts;

/// <summary>Where things are found in the console.</summary>
internal static class Links
{
    internal static string Incident(IncidentId id) => $"/incidents/{id}";

    internal static string Host(CustomerId customer, string host) => $"/hosts/{Uri.EscapeDataString(customer.Value)}/{Uri.EscapeDataString(host)}";

    /// <summary>Not below the host's own address, where every word is a service's name.</summary>
    internal static string SetSilence(CustomerId customer, string host) => $"/silences/set/{Uri.EscapeDataString(customer.Value)}/{Uri.EscapeDataString(host)}";

    /// <summary>A host check has no service name: its page is the host's.</summary>
    internal static string Item(CustomerId customer, string host, string service) =>
        service.Length == 0 ? Host(customer, host) : $"{Host(customer, host)}/{Uri.EscapeDataString(service)}";
}
