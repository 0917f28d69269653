using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Specs;
using Hinoban.Storage;
using Hinoban.Tests.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Flow;

/// <summary>A specification that is refused is known for as long as it is wrong, with all its errors; the one before it runs on.</summary>
public sealed class SpecDutyTests : IDisposable
{
    private readonly SpecFolderOnDisk folder = new();
    private readonly Results.HandClock clock = new(new DateTimeOffset(2026, 4, 14, 2, 0, 0, TimeSpan.Zero));
    private readonly Db db;
    private readonly List<SpecRefusal?> noted = [];
    private readonly SpecDuty duty;

    public SpecDutyTests()
    {
        db = Db.OpenFile(Path.Combine(folder.Path, "desk.db"), SchemaKind.Desk);
        SpecDuty? made = null;
        duty = made = new SpecDuty(new EditionDesk(db, SpecSamples.Both), [Path.Combine(folder.Path, "specs")], _ => { }, clock, NullLoggerFactory.Instance)
        {
            Noted = () => noted.Add(made!.Refused),
        };
    }

    public void Dispose()
    {
        db.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void It_stands_until_the_files_are_right_again()
    {
        Write("interval: 3m");
        Assert.Equal(1, duty.Start().Revision);
        Assert.Null(duty.Refused);

        Write("interval: 3x\nslo: { start_within: no }");
        duty.Reload();
        var refused = duty.Refused!;
        Assert.Equal(2, refused.Count);
        Assert.All(refused.Errors, e => Assert.Equal((ProblemLevel.Error, true), (e.Level, e.Line > 4)));
        Assert.Same(refused, Assert.Single(noted));

        Write("interval: 5m");
        duty.Reload();
        Assert.Null(duty.Refused);
        Assert.Equal([refused, null], noted);
    }

    [Fact]
    public void A_start_with_wrong_files_on_what_was_agreed_says_so_too()
    {
        Write("interval: 3m");
        duty.Start();
        Write("interval: 3x");
        var again = new SpecDuty(new EditionDesk(db, SpecSamples.Both), [Path.Combine(folder.Path, "specs")], _ => { }, clock, NullLoggerFactory.Instance);
        Assert.Equal(1, again.Start().Revision);
        Assert.Equal(1, again.Refused!.Count);
    }

    private void Write(string more) => folder.Write("specs/acme.yaml", $"{SpecSamples.Head}defaults: {{ {more.Split('\n')[0]} }}\n{string.Join('\n', more.Split('\n').Skip(1))}\nhosts:\n  web01: {{ address: 192.0.2.10 }}\n");
}
