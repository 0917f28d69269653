namespace Hinoban.Agent.Tests.Proofs;

/// <summary><c>./dev proof agentlog</c>: 10 million random lines, and the agent killed 200 times (<c>AGENTLOG_KILLS</c>: so many times).</summary>
public sealed class Agentlog(ITestOutputHelper output)
{
    private const int Seed = 20261123;

    // A start takes seconds on a busy machine.
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("AGENTLOG_KILLS"), out var times) ? times : 200;

    [Fact(Explicit = true)]
    public async Task Ten_million_lines()
    {
        using var storm = new LogStorm(Seed, 10_000_000, Kills, output.WriteLine);
        Assert.Empty(await storm.PlayAsync());
    }
}

/// <summary>The proof's short form.</summary>
public sealed class LogStormTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Two_hundred_thousand_lines()
    {
        using var storm = new LogStorm(7, 200_000, 6, output.WriteLine);
        Assert.Empty(await storm.PlayAsync());
    }
}
