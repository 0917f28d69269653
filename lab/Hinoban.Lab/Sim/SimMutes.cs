using Hinoban.Basics;
using Hinoban.Lab.Story;
using Hinoban.States;

namespace Hinoban.Lab.Sim;

/// <summary>The person who mutes items, and whether it is certain what of it was in force when.</summary>
internal sealed class SimMutes(StoryWorld world)
{
    private readonly Dictionary<int, long> silences = [];
    private readonly Dictionary<int, SimMute> mutes = [];

    internal IReadOnlyList<SimMute> All => [.. mutes.Values];

    internal void Do(SimFault fault, bool begins)
    {
        if (!world.Desk.Runs)
        {
            return;
        }

        // Odd ones are ended by hand.
        var known = silences.TryGetValue(fault.Number, out var set);
        if (begins)
        {
            _ = SetAsync(fault, fault.Detail % 2 == 0 ? fault.Until : fault.Until + TimeSpan.FromHours(1));
        }
        else if (fault.Detail % 2 == 1 && known)
        {
            _ = EndAsync(fault, set);
        }
    }

    private async Task SetAsync(SimFault fault, TimeSpan until)
    {
        var (from, host, service) = (world.Clock.Elapsed, SimSpec.HostOf(fault.What), SimSpec.IsHost(fault.What) ? "" : fault.What.Split('/')[1]);
        mutes[fault.Number] = new SimMute(fault.What, from, until, IsSure: false);
        try
        {
            var outcome = await world.Desk.DoAsync(parts => parts.Commands.SetSilenceAsync(StoryOperator.Sato, new SilenceRequest(
                new CustomerId("sim"), host, service, world.Clock.GetUtcNow(), world.Clock.GetUtcNow() + (until - from), "work")));
            if (outcome.Outcome.Refusal is null)
            {
                silences[fault.Number] = outcome.Id;
                mutes[fault.Number] = new SimMute(fault.What, world.Clock.Elapsed, until, IsSure: world.Clock.Elapsed - from < TimeSpan.FromSeconds(1));
            }
            else
            {
                mutes.Remove(fault.Number);
            }
        }
        catch (Exception)
        {
            // Whether it was kept is unknown to who asked.
        }
    }

    private async Task EndAsync(SimFault fault, long silence)
    {
        try
        {
            var outcome = await world.Desk.DoAsync(parts => parts.Commands.EndSilenceAsync(StoryOperator.Sato, silence, "done"));
            if (outcome.Refusal is null && mutes.TryGetValue(fault.Number, out var mute))
            {
                mutes[fault.Number] = mute with { Until = world.Clock.Elapsed };
            }
        }
        catch (Exception)
        {
            if (mutes.TryGetValue(fault.Number, out var mute))
            {
                mutes[fault.Number] = mute with { IsSure = false };
            }
        }
    }
}
