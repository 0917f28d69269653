using Hinoban.Lab;
using Hinoban.Server;
using Hinoban.Server.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Server;

/// <summary>How many connections the web server takes at once.</summary>
public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData("Max processes             5                    5                    processes\nMax open files            1200                 4096                 files", 600)]
    [InlineData("Max open files            524288               524288               files", 10_000)]
    [InlineData("Max open files            unlimited            unlimited            files", 10_000)]
    [InlineData("Max open files            64                   64                   files", 50)]
    [InlineData("", 10_000)]
    public void As_many_as_leave_half_of_the_descriptors_to_the_engine(string limits, long most) => Assert.Equal(most, Doors.MostConnections(limits));

    [Fact]
    public void That_the_limit_is_reached_is_said_at_most_every_ten_minutes()
    {
        var clock = new LabClock();
        var formatter = Formatter(clock);
        Assert.Contains("warn  Server.Doors: As many connections are open", Written(formatter, "ConnectionRejected"), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal("", Written(formatter, "ConnectionRejected"));
        Assert.Contains("whatever else", Written(formatter, "ApplicationError"), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Single(Written(formatter, "ConnectionRejected").Trim().Split('\n'));
    }

    private static LogLineFormatter Formatter(TimeProvider clock) => new(SampleServer.Options(Path.GetTempPath()), clock);

    private static string Written(LogLineFormatter formatter, string name)
    {
        using var written = new StringWriter();
        formatter.Write(
            new LogEntry<string>(LogLevel.Warning, "Microsoft.AspNetCore.Server.Kestrel.Connections", new EventId(24, name), "whatever else", null, (state, _) => state), null, written);
        return written.ToString();
    }
}
