using System.Globalization;
using System.Text.Json;
using Hinoban.Basics;

namespace Hinoban.Agent.Setup;

/// <summary>One object of the configuration with its path: each value is asked for once, what is wrong is collected, what nobody asked for is unknown.</summary>
internal sealed class ConfigNode(JsonElement element, string path, List<string> problems)
{
    private readonly HashSet<string> asked = [];

    internal string Path => path;

    /// <summary>The object as it stands in the file.</summary>
    internal string Written => element.GetRawText();

    internal bool Has(string key) => element.TryGetProperty(key, out _);

    internal void Wrong(string key, string what) => problems.Add($"{Of(key)}: {what}");

    /// <summary>Keys that stand twice or that mean nothing here.</summary>
    internal void Finish()
    {
        foreach (var group in element.EnumerateObject().GroupBy(p => p.Name))
        {
            if (group.Count() > 1)
            {
                Wrong(group.Key, $"written {group.Count()} times; write it once");
            }

            if (!asked.Contains(group.Key))
            {
                Wrong(group.Key, $"no such key here; keys are {string.Join(", ", asked.Order(StringComparer.Ordinal))}");
            }
        }
    }

    internal ConfigNode? Child(string key, bool wanted = true)
    {
        var value = Value(key, wanted, JsonValueKind.Object, "an object {…}");
        return value is { } found ? new ConfigNode(found, Of(key), problems) : null;
    }

    /// <summary>The objects below a key by their names.</summary>
    internal IEnumerable<(string Name, ConfigNode Node)> Children(string key)
    {
        if (Value(key, wanted: true, JsonValueKind.Object, "an object of objects") is not { } found)
        {
            yield break;
        }

        var seen = new HashSet<string>();
        foreach (var child in found.EnumerateObject())
        {
            if (!seen.Add(child.Name))
            {
                problems.Add($"{Of(key)}.{child.Name}: written twice; write it once");
            }
            else if (child.Value.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"{Of(key)}.{child.Name}: is {Name(child.Value.ValueKind)}; write an object {{…}}");
            }
            else
            {
                yield return (child.Name, new ConfigNode(child.Value, $"{Of(key)}.{child.Name}", problems));
            }
        }
    }

    internal string? Text(string key, bool wanted = true)
    {
        var text = Value(key, wanted, JsonValueKind.String, "a text \"…\"")?.GetString();
        if (text is { Length: 0 } || text?.Contains('\0') == true)
        {
            Wrong(key, "is empty or holds a NUL character; write a text");
            return null;
        }

        return text;
    }

    internal bool Flag(string key, bool otherwise = false)
    {
        asked.Add(key);
        if (!element.TryGetProperty(key, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Wrong(key, $"is {Name(value.ValueKind)}; write true or false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>The objects of a list, of which there must be one at least.</summary>
    internal IEnumerable<ConfigNode> Items(string key)
    {
        if (Value(key, wanted: true, JsonValueKind.Array, "a list of objects [{…}]") is not { } found)
        {
            yield break;
        }

        if (found.GetArrayLength() == 0)
        {
            Wrong(key, "is empty; write at least one entry");
        }

        foreach (var (at, entry) in found.EnumerateArray().Index())
        {
            if (entry.ValueKind == JsonValueKind.Object)
            {
                yield return new ConfigNode(entry, $"{Of(key)}[{at}]", problems);
            }
            else
            {
                problems.Add($"{Of(key)}[{at}]: is {Name(entry.ValueKind)}; write an object {{…}}");
            }
        }
    }

    internal int Number(string key, int otherwise, int least, int most)
    {
        asked.Add(key);
        if (!element.TryGetProperty(key, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Wrong(key, string.Create(CultureInfo.InvariantCulture, $"write a whole number from {least} to {most}"));
        return otherwise;
    }

    internal IReadOnlyList<string> Texts(string key, bool wanted = true)
    {
        if (Value(key, wanted, JsonValueKind.Array, "a list [\"…\"]") is not { } found)
        {
            return [];
        }

        var texts = new List<string>();
        foreach (var (at, entry) in found.EnumerateArray().Index())
        {
            if (entry.ValueKind != JsonValueKind.String || entry.GetString() is not { } text || text.Contains('\0'))
            {
                problems.Add($"{Of(key)}[{at}]: is {Name(entry.ValueKind)}; write a text \"…\"");
            }
            else
            {
                texts.Add(text);
            }
        }

        if (wanted && found.GetArrayLength() == 0)
        {
            Wrong(key, "is empty; write at least one entry");
        }

        return texts;
    }

    internal Limits Limits(string unit = "", string prefix = "") =>
        new(Range($"{prefix}warn", Text($"{prefix}warn", wanted: false), unit), Range($"{prefix}crit", Text($"{prefix}crit", wanted: false), unit));

    internal NagiosRange? Range(string key, string? text, string unit)
    {
        if (text is null)
        {
            return null;
        }

        var fault = NagiosRange.TryParse(text, out var range, unit);
        if (fault == RangeFault.None)
        {
            return range;
        }

        Wrong(key, $"'{text}' is no threshold range ({fault}); write 80{unit}, 10{unit}:, ~:80{unit}, 10{unit}:80{unit} or @10{unit}:80{unit}");
        return null;
    }

    private JsonElement? Value(string key, bool wanted, JsonValueKind kind, string right)
    {
        asked.Add(key);
        if (!element.TryGetProperty(key, out var value))
        {
            if (wanted)
            {
                Wrong(key, $"is missing; write {right}");
            }

            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        Wrong(key, $"is {Name(value.ValueKind)}; write {right}");
        return null;
    }

    private string Of(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
