using System.Globalization;
using System.Text;
using Hinoban.Lab.Story;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>A site that comes back brings no storm of mails or looks with it.</summary>
public sealed class RejoinTests
{
    private const int Hosts = 12;
    private const int Services = 2;

    /// <summary>A site that was cut off for a while has everything to catch up with: backlog fills history, and nobody is asked or told.</summary>
    [Fact]
    public void A_site_that_comes_back_after_minutes_causes_no_mail_and_no_storm_of_looks() => Story.Tell(Many(), async story =>
    {
        story.AllowLog("desk");
        await story.Pass(minutes: 4);
        story.CutLink("osaka");
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/osaka is CRITICAL");
        await story.Pass(minutes: 6);
        var back = story.Now;
        story.MendLink("osaka");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/osaka is OK");
        await story.Pass(minutes: 5);
        Assert.DoesNotContain(story.Entries, e => e.At >= back && e.Kind == EntryKind.Order && e.Text.StartsWith("look now", StringComparison.Ordinal));
    }, Here);

    /// <summary>The same where all sites lost the desk, and one of them spoke.</summary>
    [Fact]
    public void Sites_that_find_their_desk_again_cause_no_mail_and_no_storm_of_looks() => Story.Tell(Many(), async story =>
    {
        story.AllowLog("");
        await story.Pass(minutes: 4);
        story.CrashDesk();
        await story.Pass(minutes: 6);
        var back = story.Now;
        story.StartDesk();
        await story.Pass(minutes: 5);
        Assert.DoesNotContain(story.Entries, e => e.At >= back && e.Kind == EntryKind.Order && e.Text.StartsWith("look now", StringComparison.Ordinal));
    }, Here with { Away = true });

    private static readonly StoryOptions Here = new() { Folder = Directory.Exists("/dev/shm") ? "/dev/shm" : null };

    private static string Many()
    {
        var spec = new StringBuilder($$"""
            customer: sample-trading
            name: { ja: サンプル商事株式会社, en: Sample Trading }
            language: en
            edition: 1
            mailing_list:
              address: smpl-mon@lists.example.jp
              members:
                - { name: 田中 一郎, mail: {{Tanaka}} }
            defaults: { interval: 3m, timeout: 10s }
            hosts:

            """);
        for (var host = 0; host < Hosts; host++)
        {
            spec.Append(CultureInfo.InvariantCulture, $"  h{host}:\n    address: 192.0.2.{host + 1}\n    alive: ping\n    checks:\n");
            for (var service = 0; service < Services; service++)
            {
                spec.Append(CultureInfo.InvariantCulture, $"      s{service}: tcp:{8000 + service}\n");
            }
        }

        return spec.ToString();
    }
}
