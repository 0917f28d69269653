namespace Hinoban;

/// <summary>The rooms of the house in the order of the sentence: a room uses rooms above it, never below.</summary>
internal static class Rooms
{
    internal static readonly string[] InOrder =
    [
        "Basics", "Storage", "People", "Customers",
        "Specs", "Scheduling", "Checks", "Results", "States", "Incidents",
        "Notifying", "Responding", "Reporting", "Billing", "Flow",
    ];
}
