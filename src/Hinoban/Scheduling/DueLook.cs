using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Scheduling;

/// <summary>Why a look is due.</summary>
internal enum DueCause : byte
{
    /// <summary>Its slot came.</summary>
    Slot,

    /// <summary>It is soft failing: retry after the start of the look before.</summary>
    Retry,

    /// <summary>Somebody asked for it.</summary>
    Request,
}

/// <summary>
/// A look to be made. <see cref="Slot"/> and <see cref="Ticket"/> are the schedule's own marks: an older ticket means that the look has
/// been overtaken (by a request, by a plan without the item) and must not start.
/// </summary>
internal readonly record struct DueLook(int Slot, long Ticket, ItemPlan Item, DueCause Cause, long Request, TimeSpan Timeout, TimeSpan Due);

/// <summary>
/// Between who knows what is due and who looks. In one process: <see cref="FairQueue"/>. At scale a broker: put is publish, take is a
/// delivery within the prefetch, release its acknowledgement.
/// </summary>
internal interface ICheckQueue
{
    void Put(DueLook look);

    /// <summary>The next look, once there is one and room to make it.</summary>
    ValueTask<DueLook> TakeAsync(CancellationToken cancel);

    /// <summary>The look has ended (or was not made): its room is free again.</summary>
    void Release(CustomerId customer);
}
