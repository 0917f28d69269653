namespace Hinoban.Agent;

/// <summary>A plugin's verdict, numbered as its exit code.</summary>
internal enum Status
{
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

/// <summary>What a command came to: a first line, more lines for a person, performance data.</summary>
internal sealed record Answer(Status Status, string Output, string Long = "", string Perf = "")
{
    /// <summary>As a plugin prints it.</summary>
    internal string Printed => $"{Output}{(Perf.Length > 0 ? $" |{Perf}" : "")}{(Long.Length > 0 ? $"\n{Long}" : "")}";

    internal static string Word(Status status) => status switch
    {
        Status.Ok => "OK",
        Status.Warning => "WARNING",
        Status.Critical => "CRITICAL",
        Status.Unknown => "UNKNOWN",
    };

    /// <summary>The worse of two, in the plugins' order: unknown is less than a warning.</summary>
    internal static Status Worse(Status a, Status b) => Weight(a) >= Weight(b) ? a : b;

    private static int Weight(Status status) => status switch
    {
        Status.Ok => 0,
        Status.Unknown => 1,
        Status.Warning => 2,
        Status.Critical => 3,
    };
}
