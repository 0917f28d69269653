using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Results;

/// <summary>Something wrong in a batch of posted results: which of them (from 1; 0: the batch itself), which field, what would be right.</summary>
internal sealed record PostedProblem(int Result, string Field, Text Said);

/// <summary>Reads what was posted against the customer's plan; every problem of the whole batch at once.</summary>
internal sealed partial class PostedReader
{
    internal const int Most = 1000;
    internal const int LongestOutput = 8000;
    internal const int LongestId = 100;

    /// <summary>A time further ahead is a mistake that its poster is told of; a clock that is wrong by hours still does no harm.</summary>
    internal static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    /// <summary>
    /// Longer than any value may stay away, and than samples are kept look by look: what is older waited in no queue, its poster's clock has lost the date. Taken, it would say
    /// of a value from nowhere that it is today's.
    /// </summary>
    internal static readonly TimeSpan MostBehind = TimeSpan.FromDays(35);

    private const string Unreadable = "\ufffd";
    private static readonly string[] Fields = ["item", "time", "state", "output", "perfdata", "id"];

    private readonly Dictionary<string, ItemPlan> items;
    private readonly DateTimeOffset nowUtc;
    private readonly List<PostedProblem> problems = [];
    private int number;

    private PostedReader(CustomerPlan customer, DateTimeOffset nowUtc) =>
        (items, this.nowUtc) = (customer.Items.ToDictionary(i => i.Title), nowUtc);

    internal static (IReadOnlyList<PostedResult> Results, IReadOnlyList<PostedProblem> Problems) Read(CustomerPlan customer, IReadOnlyList<JsonElement> written, DateTimeOffset nowUtc)
    {
        var reader = new PostedReader(customer, nowUtc);
        if (written.Count is 0 or > Most)
        {
            reader.Wrong("results", PostedText.Count);
            return ([], reader.problems);
        }

        return ([.. written.Select(reader.Result).OfType<PostedResult>()], reader.problems);
    }

    /// <summary>The item that a result names, before anything else is looked at; null if it names none.</summary>
    internal static string? TitleOf(JsonElement written) =>
        written.ValueKind == JsonValueKind.Object && written.EnumerateObject().LastOrDefault(p => NameOf(p) == "item").Value is { ValueKind: JsonValueKind.String } item ? Whole(item) : null;

    private PostedResult? Result(JsonElement written)
    {
        number++;
        if (written.ValueKind != JsonValueKind.Object)
        {
            Wrong("", PostedText.NotAnObject);
            return null;
        }

        var names = written.EnumerateObject().Select(NameOf).ToList();
        foreach (var unknown in names.Where(n => !Fields.Contains(n)))
        {
            Wrong(Shown.As(unknown), PostedText.NoSuchField(Suggest.Or(unknown, Fields)));
        }

        if (names.Contains(Unreadable))
        {
            return null; // beside such a name no field can be looked up
        }

        var (item, time, state) = (Item(written), Time(written), State(written));
        var output = Words(written, "output", LongestOutput);
        var perfdata = Words(written, "perfdata", LongestOutput);
        var id = Words(written, "id", LongestId);
        if (item is null || time is not { } at || state is not { } status)
        {
            return null;
        }

        var parts = PluginOutput.Parse(System.Text.Encoding.UTF8.GetBytes(output ?? ""), 0);
        return new PostedResult(item.Id, item.Title, at, status, parts.First, parts.Long, perfdata is { Length: > 0 } own ? own : parts.Perfdata, id ?? "");
    }

    private ItemPlan? Item(JsonElement written)
    {
        if (Words(written, "item", 200) is not { Length: > 0 } title)
        {
            WrongIfAbsent(written, "item", PostedText.ItemRight);
            return null;
        }

        if (items.GetValueOrDefault(title) is not { } item)
        {
            Wrong("item", PostedText.NoSuchItem(title, Suggest.Nearest(title, items.Values.Where(i => i.IsPassive).Select(i => i.Title))));
            return null;
        }

        if (!item.IsPassive)
        {
            Wrong("item", PostedText.NotPassive(title, item.Look.Kind));
            return null;
        }

        return item;
    }

    private DateTimeOffset? Time(JsonElement written)
    {
        if (Words(written, "time", 40) is not { Length: > 0 } text)
        {
            WrongIfAbsent(written, "time", PostedText.TimeRight);
            return null;
        }

        if (!Instant().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
        {
            Wrong("time", PostedText.TimeRight);
            return null;
        }

        if (time > nowUtc + MostAhead)
        {
            Wrong("time", PostedText.TimeAhead(nowUtc));
            return null;
        }

        if (time < nowUtc - MostBehind)
        {
            Wrong("time", PostedText.TimeBehind(nowUtc));
            return null;
        }

        // As the database keeps it, so that the same text is the same time after a restart too.
        return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private CheckStatus? State(JsonElement written)
    {
        if (written.TryGetProperty("state", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var state) && state is >= 0 and <= 3)
        {
            return (CheckStatus)state;
        }

        Wrong("state", PostedText.StateRight);
        return null;
    }

    private string? Words(JsonElement written, string field, int longest)
    {
        if (!written.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || Whole(value) is not { } text || text.Length > longest)
        {
            Wrong(field, PostedText.WordsRight(longest));
            return null;
        }

        return text;
    }

    private void WrongIfAbsent(JsonElement written, string field, Text right)
    {
        if (!written.TryGetProperty(field, out var value) || value.ValueKind is JsonValueKind.Null || value is { ValueKind: JsonValueKind.String } && Whole(value) == "")
        {
            Wrong(field, right);
        }
    }

    // JSON can hold half of a character, or bytes that are none: that is no text.
    private static string? Whole(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Unreadable;
        }
    }

    private void Wrong(string field, Text said) => problems.Add(new PostedProblem(number, field, said));

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\z")]
    private static partial Regex Instant();
}
