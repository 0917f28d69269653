using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;

namespace Hinoban.Lab.Story;

/// <summary>A program at the customer's that posts results for passive items.</summary>
internal sealed partial class Story
{
    private static readonly CustomerId PostsFor = new("sample-trading");
    private static readonly Actor Sender = new("backup", "backup", Role.Sender, Scope.Of(PostsFor));

    /// <summary>Posts one result, with the time of now unless it says another; what the desk made of it.</summary>
    internal async Task<string> Post(string item, int state, string output, DateTimeOffset? time = null)
    {
        var written = JsonSerializer.SerializeToElement(new { item, time = (time ?? UtcNow).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture), state, output });
        var outcome = await Desk.DoAsync(parts => parts.Commands.PostResultsAsync(Sender, PostsFor, [written]));
        var said = outcome.Outcome.Refusal is null ? outcome.Fates[0].Fate.ToString() : outcome.Problems.FirstOrDefault()?.Said.En ?? outcome.Outcome.Message.En;
        Told($"posts {item} {state} \"{output}\": {said}");
        return said;
    }
}
