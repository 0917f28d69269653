namespace Hinoban.Specs;

/// <summary>What holds where a specification says nothing, and the ranges of what it may say. docs/reference/spec.md lists them.</summary>
internal static class SpecDefaults
{
    internal const string TimeZone = "Asia/Tokyo";
    internal const string Charset = "utf-8";
    internal const int SshPort = 22;
    internal const int NrpePort = 5666;
    internal const string PluginFolder = "/usr/lib/nagios/plugins";
    internal const int PingPackets = 5;

    /// <summary>Loss in percent at which a <c>ping</c> service without <c>crit</c> is critical.</summary>
    internal const int PingCritLoss = 60;

    /// <summary>A host is down when nothing at all comes back.</summary>
    internal const int AliveCritLoss = 100;

    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan ChangeTimeout = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan VerifyWithin = TimeSpan.FromMinutes(6);
    internal const int VerifyTimes = 2;

    internal static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(100);
    internal static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(5);
    internal static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan MostInterval = TimeSpan.FromDays(1);
    internal const int MostAttempts = 100;

    /// <summary>With a second site to ask, two looks 15 s apart are as sure as Nagios' three a minute apart.</summary>
    internal static int Attempts(int lookingSites) => lookingSites >= 2 ? 2 : 3;

    internal static TimeSpan Retry(int lookingSites) => lookingSites >= 2 ? TimeSpan.FromSeconds(15) : TimeSpan.FromMinutes(1);
}
