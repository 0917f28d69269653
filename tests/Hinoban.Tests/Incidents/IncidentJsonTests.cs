using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;

namespace Hinoban.Tests.Incidents;

/// <summary>Reasons are kept in both languages; those kept as one string are still read.</summary>
public sealed class IncidentJsonTests
{
    [Fact]
    public void A_reason_comes_back_in_both_languages()
    {
        IncidentEvent ended = new StepEnded(DateTimeOffset.UnixEpoch, "sato", 1, 1, StepOutcome.Done, 0, "", new Text("終了コード 0", "exit code 0"));
        var read = JsonSerializer.Deserialize<IncidentEvent>(JsonSerializer.Serialize(ended, IncidentJson.Options), IncidentJson.Options);
        Assert.Equal(ended, read);
    }

    [Fact]
    public void A_reason_of_an_earlier_version_is_read_as_it_stands()
    {
        IncidentEvent closed = new Closed(DateTimeOffset.UnixEpoch, "sato", Text.Same("done"));
        var old = JsonSerializer.Serialize(closed, IncidentJson.Options).Replace("{\"Ja\":\"done\",\"En\":\"done\"}", "\"done\"", StringComparison.Ordinal);
        Assert.Contains("\"Reason\":\"done\"", old, StringComparison.Ordinal);
        Assert.Equal(closed, JsonSerializer.Deserialize<IncidentEvent>(old, IncidentJson.Options));
    }
}
