using System.Globalization;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Lab.Story;
using Hinoban.People;

namespace Hinoban.Lab.Sim;

/// <summary>The customer's program that posts to the passive item. When it does follows from the script alone.</summary>
internal sealed class SimPosts(StoryWorld world, SimScript script)
{
    internal static readonly TimeSpan Freshness = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Usually = TimeSpan.FromMinutes(4);
    private static readonly CustomerId Customer = new("sim");
    private static readonly Actor Sender = new("backup", "backup", Role.Sender, Scope.Of(Customer));

    // The desk's own timer for the last instant is set long before: so it is first of two at the same instant.
    private static readonly TimeSpan Waits = TimeSpan.FromMilliseconds(1);

    internal static IEnumerable<TimeSpan> Times(SimScript script)
    {
        if (!script.HasPosts)
        {
            yield break;
        }

        for (var at = TimeSpan.FromMinutes(1); at < script.Length - TimeSpan.FromMinutes(1);)
        {
            yield return at;
            var next = at + (script.Faults.Any(f => f.Kind == SimKind.PostsAtLast && f.Span.Holds(at)) ? Freshness : Usually);
            at = script.Faults.Where(f => f.Kind == SimKind.PostsStop && f.Span.Holds(next)).Select(f => (TimeSpan?)f.Until).FirstOrDefault() ?? next;
        }
    }

    internal async Task PostAsync()
    {
        foreach (var at in Times(script))
        {
            await Task.Delay(at - Waits - world.Clock.Elapsed, world.Clock);
            await Task.Delay(Waits, world.Clock);
            if (world.Desk.Runs)
            {
                _ = PostOneAsync();
            }
        }
    }

    private async Task PostOneAsync()
    {
        var time = world.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        var written = JsonSerializer.SerializeToElement(new { item = SimSpec.Posted, time, state = 0, output = "OK - backed up" });
        try
        {
            await world.Desk.DoAsync(parts => parts.Commands.PostResultsAsync(Sender, Customer, [written]));
        }
        catch (Exception)
        {
            // The desk died over it, or could not write: its next one comes in time again, or not.
        }
    }
}
