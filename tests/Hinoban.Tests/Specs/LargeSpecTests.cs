using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Tests.Specs;

/// <summary>Ten thousand services: right, and how long they take (printed, not judged: the machine is not ours alone).</summary>
public sealed class LargeSpecTests
{
    [Fact]
    public void Ten_thousand_services_are_read_built_and_taken()
    {
        using var folder = new SpecFolderOnDisk();
        var path = folder.Write("specs/large.yaml", SpecSamples.Large("large", 10_000));
        using var db = Db.OpenFile(Path.Combine(folder.Path, "desk.db"), SchemaKind.Desk);
        var desk = new EditionDesk(db, SpecSamples.Both);
        var clock = TimeProvider.System;

        var start = clock.GetTimestamp();
        var reading = SpecReader.Read(path);
        var read = clock.GetElapsedTime(start);
        Assert.False(reading.HasErrors);

        start = clock.GetTimestamp();
        var first = desk.Load([path], Moment.Of(clock));
        var taken = clock.GetElapsedTime(start);
        Assert.Equal(10_500, first.Plan.Items.Count());
        Assert.Equal(10_500, SitePlans.For(first.Plan, SpecSamples.Osaka).Items.Count);

        File.AppendAllText(path, "contract: other\n");
        start = clock.GetTimestamp();
        var second = desk.Load([path], Moment.Of(clock));
        var reload = clock.GetElapsedTime(start);
        Assert.Equal(2, second.Plan.Revision);
        Assert.Equal(first.Plan.Items.Select(i => i.Id).Order(Comparer<ItemId>.Create((a, b) => a.Value - b.Value)), second.Plan.Items.Select(i => i.Id).Order(Comparer<ItemId>.Create((a, b) => a.Value - b.Value)));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"10,000 services ({new FileInfo(path).Length / 1024} KiB): read {read.TotalMilliseconds:0} ms, first load {taken.TotalMilliseconds:0} ms, reload {reload.TotalMilliseconds:0} ms");
    }
}
