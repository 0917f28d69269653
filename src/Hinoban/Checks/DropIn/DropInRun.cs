using System.Globalization;
using System.Net;
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

/// <summary>A connection, or why there is none; unknown: the name is.</summary>
internal sealed record DropInOpened(DropInWire? Wire, string WhyNot, bool Unknown);

/// <summary>What all drop-in checks do alike: time-out, connection, certificate, numbers in the plugins' own form.</summary>
internal sealed class DropInRun(DropInTarget target, LookLimit limit, TimeProvider clock)
{
    /// <summary>How long an answer that is not whole yet may pause (as check_tcp has it).</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly DropInVerdict NoTls = new(CheckStatus.Critical, "CRITICAL - Cannot make SSL connection.");

    internal DropInTarget Target => target;

    internal double Elapsed => limit.Elapsed.TotalSeconds;

    /// <summary>Comes at the time-out.</summary>
    internal CancellationToken Cancel => limit.Token;

    /// <summary>Runs a check to its verdict, whatever the target does. <paramref name="limit"/> may have begun before: the check is then a part of something longer.</summary>
    internal static DropInVerdict Run(DropInTarget target, LookLimit limit, TimeProvider clock, Func<DropInRun, DropInVerdict> check)
    {
        try
        {
            return check(new DropInRun(target, limit, clock));
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return new DropInVerdict(CheckStatus.Critical, string.Create(CultureInfo.InvariantCulture, $"CRITICAL - Socket timeout after {target.Seconds} seconds"));
        }
    }

    /// <summary>A connection, or why there is none: the kernel's own words, or that the name is unknown.</summary>
    internal DropInOpened Open(long most = Wire.MostBytes)
    {
        try
        {
            return new DropInOpened(DropInWire.Open(Addresses(), target.Port, limit, most), "", false);
        }
        catch (SocketException fault)
        {
            return LookFailures.WhyOf(fault.SocketErrorCode) == NoValue.NameUnresolved
                ? new DropInOpened(null, "Name or service not known", true)
                : new DropInOpened(null, string.Create(CultureInfo.InvariantCulture, $"connect to address {target.Host} and port {target.Port}: {Marshal.GetPInvokeErrorMessage(fault.NativeErrorCode)}"), false);
        }
    }

    /// <summary>The target's addresses of the family that was asked for; throws where there are none.</summary>
    internal IPAddress[] Addresses()
    {
        var all = IPAddress.TryParse(target.Host, out var literal) ? [literal] : new Connector().FindAsync(target.Host, limit.Token).AsTask().GetAwaiter().GetResult();
        var fit = target.Family == AddressFamily.Unspecified ? all : Array.FindAll(all, a => a.AddressFamily == target.Family);
        return fit.Length > 0 ? fit : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Null: secured. The certificate is not verified, as the plugins do not.</summary>
    internal DropInVerdict? Secure(DropInWire wire, string serverName)
    {
        try
        {
            return wire.Secure(serverName) ? null : NoTls;
        }
        catch (Exception fault) when (fault is AuthenticationException || DropInWire.IsBreak(fault))
        {
            limit.Token.ThrowIfCancellationRequested();
            return NoTls;
        }
    }

    /// <summary>What has come; empty at the end, at a pause that is too long, and where the connection broke.</summary>
    internal byte[] Some(DropInWire wire, bool patient)
    {
        try
        {
            return wire.Some(patient ? null : Pause);
        }
        catch (Exception broken) when (DropInWire.IsBreak(broken))
        {
            limit.Token.ThrowIfCancellationRequested();
            return [];
        }
    }

    internal void Send(DropInWire wire, byte[] bytes)
    {
        try
        {
            wire.Send(bytes);
        }
        catch (Exception broken) when (DropInWire.IsBreak(broken))
        {
            // What comes back will tell.
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The certificate's state in the plugins' words.</summary>
    internal DropInVerdict Certificate(DropInWire wire, DropInDays days)
    {
        if (wire.Certificate is not { } certificate)
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
    internal static string Time(string label, double seconds, double? warn, double? crit, int? most) =>
        $"{label}={Number(seconds, "0.000000")}s;{Limit(warn)};{Limit(crit)};0.000000{(most is { } end ? ";" + Limit(end) : "")}";

    /// <summary>Ready as text: what writes any value into a text at once is compiled for each kind of value when the program runs.</summary>
    internal static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Limit(double? value) => value is { } number ? Number(number, "0.000000") : "";
}
