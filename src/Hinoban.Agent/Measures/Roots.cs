namespace Hinoban.Agent.Measures;

/// <summary>Where the kernel and the system tell about themselves.</summary>
internal sealed record Roots(string Proc, string Run)
{
    internal static Roots System { get; } = new("/proc", "/run");
}
