using System.Reflection;
using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.House;

/// <summary>An event's number names one kind of line in the log.</summary>
public sealed class LogTests
{
    [Fact]
    public void No_two_kinds_of_line_have_one_number()
    {
        var kinds = typeof(Moment).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(m => (m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId, Name: $"{m.DeclaringType!.Name}.{m.Name}"))
            .Where(k => k.EventId is not null).ToList();
        Assert.True(kinds.Count > 50, $"{kinds.Count} kinds found");
        Assert.Empty(kinds.GroupBy(k => k.EventId).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(k => k.Name))}"));
    }
}
