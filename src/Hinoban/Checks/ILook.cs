using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>One check kind on the wire. Never throws for what a target does; returns within <paramref name="timeout"/> plus a scheduling quantum.</summary>
internal interface ILook
{
    Task<LookAnswer> LookAsync(ItemPlan item, TimeSpan timeout, CancellationToken cancel);
}
