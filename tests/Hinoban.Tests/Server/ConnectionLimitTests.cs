using Hinoban.Server;

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
}
