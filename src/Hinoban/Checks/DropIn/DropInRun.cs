using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;

namespace Hinoban.Checks.DropIn;

/// <summary>What a plugin prints and with which state it ends.</summary>
internal sealed record DropInVerdict(CheckStatus Status, string Text)
{
    /// <summary>Not the end: the text is where it goes on.</summary>
    internal bool Follow { get; init; }
}

/// <summary>Where a drop-in check goes, for how long.</summary>
internal sealed record DropInTarget(string Host, int Port, int Seconds, AddressFamily Family);

/// <summary>What all drop-in checks do alike: time-out, connection, certificate, numbers in the plugins' own form.</summary>
internal sealed class DropInRun(Connector connector, DropInTarget target, LookLimit limit, TimeProvider clock)
{
    /// <summary>How long an answer that is not whole yet may pause (as check_tcp has it).</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly DropInVerdict NoTls = new(CheckStatus.Critical, "CRITICAL - Cannot make SSL connection.");

    internal DropInTarget Target => target;

    internal WireSight Sight { get; } = new();

    internal double Elapsed => limit.Elapsed.TotalSeconds;

    internal CancellationToken Cancel => limit.Token;

    /// <summary>Runs a check to its verdict, whatever the target does.</summary>
    internal static async Task<DropInVerdict> RunAsync(DropInTarget target, TimeProvider clock, Func<DropInRun, Task<DropInVerdict>> check, CancellationToken cancel)
    {
        using var limit = new LookLimit(TimeSpan.FromSeconds(target.Seconds), clock, cancel);
        return await RunAsync(target, clock, check, limit);
    }

    /// <summary>The same as a part of something longer: <paramref name="limit"/> has begun before.</summary>
    internal static async Task<DropInVerdict> RunAsync(DropInTarget target, TimeProvider clock, Func<DropInRun, Task<DropInVerdict>> check, LookLimit limit)
    {
        try
        {
            return await check(new DropInRun(new Connector(), target, limit, clock));
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return new DropInVerdict(CheckStatus.Critical, string.Create(CultureInfo.InvariantCulture, $"CRITICAL - Socket timeout after {target.Seconds} seconds"));
        }
    }

    /// <summary>A connection, or why there is none: the kernel's own words, or that the name is unknown.</summary>
    internal async Task<(Wire? Wire, string WhyNot, bool Unknown)> OpenAsync(long most = Wire.MostBytes)
    {
        try
        {
            return (await Wire.OpenAsync(connector, target.Host, target.Port, Sight, limit, most, target.Family), "", false);
        }
        catch (SocketException fault)
        {
            return LookFailures.WhyOf(fault.SocketErrorCode) == NoValue.NameUnresolved
                ? (null, "Name or service not known", true)
                : (null, string.Create(CultureInfo.InvariantCulture, $"connect to address {target.Host} and port {target.Port}: {Marshal.GetPInvokeErrorMessage(fault.NativeErrorCode)}"), false);
        }
    }

    /// <summary>Null: secured. The certificate is not verified, as the plugins do not.</summary>
    internal static async Task<DropInVerdict?> SecureAsync(Wire wire, string serverName)
    {
        try
        {
            return await wire.SecureAsync(new Specs.TlsPlan(Specs.WireTls.Direct, serverName, Verify: false, null, null)) is null ? null : NoTls;
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or SocketException)
        {
            return NoTls;
        }
    }

    /// <summary>What has come; empty at the end, at a pause that is too long, and where the connection broke.</summary>
    internal async Task<byte[]> SomeAsync(Wire wire, bool patient)
    {
        using var pause = patient ? null : new LookLimit(Pause, clock, limit.Token);
        try
        {
            return await wire.SomeAsync(pause?.Token ?? limit.Token);
        }
        catch (OperationCanceledException) when (pause is { TimedOut: true })
        {
            return [];
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            return [];
        }
    }

    internal static async Task SendAsync(Wire wire, byte[] bytes)
    {
        try
        {
            await wire.SendAsync(bytes);
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // What comes back will tell.
        }
    }

    internal Task FarewellAsync(Wire wire, byte[] quit) => wire.FarewellAsync(quit, clock);

    /// <summary>The certificate's state in the plugins' words.</summary>
    internal DropInVerdict Certificate((int Warn, int Crit) days)
    {
        if (Sight.Certificate is not { } certificate)
        {
            return new DropInVerdict(CheckStatus.Critical, "CRITICAL - Cannot retrieve server certificate.");
        }

        var left = certificate.NotAfter - clock.GetUtcNow();
        var whole = (int)Math.Truncate(left.TotalDays);
        var until = certificate.NotAfter.ToString("ddd MMM", CultureInfo.InvariantCulture)
            + string.Create(CultureInfo.InvariantCulture, $" {certificate.NotAfter.Day,2} {certificate.NotAfter:HH:mm:ss yyyy} +0000");
        var status = left < TimeSpan.Zero || whole <= days.Crit && whole <= days.Warn ? CheckStatus.Critical : whole <= days.Warn ? CheckStatus.Warning : CheckStatus.Ok;
        status = left >= TimeSpan.Zero && whole == 0 ? (whole > days.Crit ? CheckStatus.Warning : CheckStatus.Critical) : status;
        var words = left < TimeSpan.Zero ? $"expired on {until}"
            : status == CheckStatus.Ok ? $"will expire on {until}"
            : whole > 0 ? string.Create(CultureInfo.InvariantCulture, $"expires in {whole} day(s) ({until})")
            : left.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"expires in {(int)left.TotalHours} hours ({until})")
            : string.Create(CultureInfo.InvariantCulture, $"expires in {(int)left.TotalMinutes} minutes ({until})");
        return new DropInVerdict(status, $"{Perf.Word(status)} - Certificate '{certificate.Subject}' {words}{(status != CheckStatus.Ok && whole == 0 && left >= TimeSpan.Zero ? "" : ".")}");
    }

    /// <summary>A time in performance data, with six places as the plugins print it; a null maximum is not written.</summary>
    internal static string Time(string label, double seconds, double? warn, double? crit, int? most) => string.Create(
        CultureInfo.InvariantCulture, $"{label}={seconds:0.000000}s;{warn:0.000000};{crit:0.000000};0.000000{(most is null ? "" : ";")}{most:0.000000}");
}
