using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What a reload did to a customer.</summary>
internal enum EditionChange
{
    /// <summary>Its first edition, or the first after it was taken out.</summary>
    Begun,

    /// <summary>Another text, other sites of the provider, or a program that puts more of the same text in force.</summary>
    Changed,

    /// <summary>Its file is gone: it is no longer watched.</summary>
    Withdrawn,
}

/// <summary>One customer's part of a reload, with how many items came, went and were renamed.</summary>
internal sealed record CustomerReload(CustomerId Customer, EditionChange Change, int Added, int Renamed, int Retired);

/// <summary>
/// The outcome of reading the specifications. Not accepted: something is wrong, <see cref="Plan"/> is the one that was running and
/// stays. Accepted without <see cref="Changes"/>: the same as before, same object.
/// </summary>
internal sealed record SpecReload(
    bool Accepted, DeskPlan Plan, DeskPlan Before, IReadOnlyList<Problem> Problems, IReadOnlyList<CustomerReload> Changes)
{
    internal bool Changed => !ReferenceEquals(Plan, Before);

    /// <summary>Items that were watched before and are not any more: an open incident of one is closed with that reason.</summary>
    internal IEnumerable<ItemPlan> Retired => Before.Items.Where(i => Plan.Item(i.Id) is null);

    internal static SpecReload Refused(DeskPlan running, IReadOnlyList<Problem> problems) => new(false, running, running, problems, []);
}
