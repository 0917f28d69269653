using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>The loops that keep samples small and bounded, and send them on where somebody is to get them.</summary>
internal sealed record SampleLoops(SampleDuty Duty, RemoteWritePump? Sending)
{
    internal static SampleLoops Of(DeskGround ground, DeskEngine engine)
    {
        var (db, clock, logs) = (ground.Db, ground.Clock, ground.Logs);
        return new SampleLoops(
            new SampleDuty(db, item => Plan(item)?.Interval ?? SpecDefaults.Interval, ground.Samples, ground.RemoteWrite is not null, clock, logs.CreateLogger<SampleDuty>()),
            ground.RemoteWrite is { } receiver ? new RemoteWritePump(db, new RemoteWriteLink(receiver, clock), Plan, clock, logs.CreateLogger<RemoteWritePump>()) : null);

        ItemPlan? Plan(int item) => engine.Look((board, _, _) => board.Item(new ItemId(item))?.Plan);
    }

    internal IEnumerable<Runner> Runners => Sending is null ? [new Runner("samples", Duty.RunAsync)] : [new Runner("samples", Duty.RunAsync), new Runner("remote-write", Sending.RunAsync)];
}
