using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>
/// On whose data somebody acts: one customer's, or explicitly all customers'. Every store and query method takes one,
/// so that forgetting the tenant does not compile.
/// </summary>
internal sealed record Scope
{
    private Scope(CustomerId? customer, string reason) => (Customer, Reason) = (customer, reason);

    /// <summary>The one customer, or null for all.</summary>
    internal CustomerId? Customer { get; }

    /// <summary>Why all customers' data may be seen ("operator sato", "engine").</summary>
    internal string Reason { get; }

    internal static Scope Of(CustomerId customer) => new(customer, "");

    internal static Scope Across(string reason) => new(null, reason);

    internal bool Covers(CustomerId customer) => Customer is null || Customer == customer;
}
