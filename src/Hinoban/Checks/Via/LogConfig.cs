using System.Text.Json;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>A log check as the agent's configuration has it.</summary>
internal static class LogConfig
{
    internal static void Write(Utf8JsonWriter json, LogLookPlan log)
    {
        Source(json, log);
        AgentConfig.Given(json, "record", log.Record);
        AgentConfig.Given(json, "format", log.Format);
        json.WriteStartArray("match");
        foreach (var rule in log.Match)
        {
            Rule(json, rule);
        }

        json.WriteEndArray();
        Texts(json, "except", log.Except);
        Rate(json, "limit", log.Limit);
        json.WriteStartObject("context");
        json.WriteNumber("before", log.Before);
        json.WriteNumber("after", log.After);
        json.WriteEndObject();
        json.WriteStartObject("mask");
        json.WriteBoolean("default", log.Mask.Usual);
        Texts(json, "regex", log.Mask.Regexes);
        json.WriteEndObject();
    }

    private static void Source(Utf8JsonWriter json, LogLookPlan log)
    {
        if (log.Journal is not { } journal)
        {
            Texts(json, "files", log.Files);
            json.WriteString("encoding", log.Encoding);
            return;
        }

        json.WriteStartObject("journal");
        Texts(json, "units", journal.Units);
        AgentConfig.Given(json, "priority", journal.Priority);
        json.WriteEndObject();
    }

    private static void Rule(Utf8JsonWriter json, LogMatchPlan rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        AgentConfig.Given(json, "regex", rule.Regex);
        AgentConfig.Given(json, "status", rule.Status);
        if (rule.Rate is { } rate)
        {
            Rate(json, "rate", rate);
        }

        json.WriteString("level", rule.Level == HitLevel.Critical ? "critical" : "warning");
        json.WriteEndObject();
    }

    private static void Rate(Utf8JsonWriter json, string name, LogRatePlan rate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", rate.Count);
        json.WriteNumber("within_s", (int)rate.Within.TotalSeconds);
        json.WriteEndObject();
    }

    // Nothing is written for none of them.
    private static void Texts(Utf8JsonWriter json, string key, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(key);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
