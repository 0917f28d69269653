using System.Text;
using Hinoban.Agent.Setup;
using Hinoban.Basics;

namespace Hinoban.Agent.Tests;

/// <summary>Short ways to write what the tests need again and again.</summary>
internal static class Reading
{
    internal static (AgentPlan? Plan, IReadOnlyList<string> Problems) Config(string json) => ConfigReader.Read(Encoding.UTF8.GetBytes(json), "/etc/hinoban");

    /// <summary>One command's plan from its JSON.</summary>
    internal static T Command<T>(string json)
        where T : CommandPlan
    {
        var (plan, problems) = Config($$"""{"v":1,"listen":["127.0.0.1:5666"],"allow":["127.0.0.1"],"tls":{"certificate":"a","key":"b","clients":"any"},"commands":{"x":{{json}} } }""");
        Assert.Empty(problems);
        return Assert.IsType<T>(plan!.Commands["x"]);
    }

    internal static Limits Limits(string? warn, string? crit) => new(Range(warn), Range(crit));

    private static NagiosRange? Range(string? text)
    {
        if (text is null)
        {
            return null;
        }

        Assert.Equal(RangeFault.None, NagiosRange.TryParse(text, out var range, "%"));
        return range;
    }
}
