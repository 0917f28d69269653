using System.Collections.Concurrent;
using Hinoban.Storage;

namespace Hinoban.Tests.Storage;

/// <summary>Who passes the writer's gate first: the short in the order of coming, the long part by part and after all who wait.</summary>
public sealed class GateTurnsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly GateTurns turns;
    private readonly ConcurrentQueue<string> passed = new();

    public GateTurnsTests() => turns = new GateTurns(gate);

    [Fact]
    public async Task Whoever_comes_during_a_part_passes_before_the_next()
    {
        var short1 = Task.CompletedTask;
        var short2 = Task.CompletedTask;
        Part("part 1", () =>
        {
            short1 = Come("short 1", waiting: 1);
            short2 = Come("short 2", waiting: 2);
        });
        Part("part 2");
        await Task.WhenAll(short1, short2).WaitAsync(Patience);
        Assert.Equal(["part 1", "short 1", "short 2", "part 2"], passed);
        Assert.Equal(0, turns.Waiting);
    }

    [Fact]
    public async Task Of_two_that_come_in_parts_one_waits_before_those_who_are_short()
    {
        var other = Task.CompletedTask;
        var person = Task.CompletedTask;
        using var comes = new ManualResetEventSlim();
        Part("tokyo 1", () =>
        {
            other = Task.Run(() =>
            {
                comes.Set();
                Part("osaka 1");
            });
            comes.Wait(Patience);
            person = Come("person", waiting: 1);
        });
        await Task.WhenAll(other, person).WaitAsync(Patience);
        Assert.Equal(["tokyo 1", "person", "osaka 1"], passed);
    }

    [Fact]
    public async Task One_that_fails_leaves_the_way_open()
    {
        Assert.Throws<IOException>(() => turns.First<int>(() => throw new IOException("disk full")));
        Assert.Throws<IOException>(() => turns.Last<int>(() => throw new IOException("disk full")));
        await Task.Run(() => Part("part")).WaitAsync(Patience);
        await Task.Run(() => turns.First(() => turns.First(() => turns.Last(() => 1)))).WaitAsync(Patience);
        Assert.Equal(["part"], passed);
        Assert.Equal(0, turns.Waiting);
    }

    private void Part(string name, Action? inside = null) => turns.Last(() =>
    {
        inside?.Invoke();
        passed.Enqueue(name);
        return 0;
    });

    // Ends when it stands before the gate, as the last of so many.
    private Task Come(string name, int waiting)
    {
        var come = Task.Run(() => turns.First(() =>
        {
            passed.Enqueue(name);
            return 0;
        }));
        SpinWait.SpinUntil(() => turns.Waiting == waiting, Patience);
        return come;
    }
}
