using Hinoban.Server.Endpoints;
using Hinoban.Server.Options;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Hinoban.Server.Logging;

/// <summary>The framework's end of <see cref="LogLines"/>.</summary>
internal sealed class LogLineFormatter(ServerOptions options, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "hinoban";

    private const string Connections = "Microsoft.AspNetCore.Server.Kestrel.Connections";
    private const string Rejected = "ConnectionRejected";
    private const string Full = "As many connections are open as this process takes: whoever comes is hung up on. Said at most every 10 minutes";

    private static readonly TimeSpan FullAgain = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private TimeSpan? saidFull;

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        if (entry.Category == Connections && entry.EventId.Name == Rejected)
        {
            SayFull(entry.LogLevel, entry.EventId, writer);
            return;
        }

        var message = entry.Formatter(entry.State, entry.Exception);
        writer.WriteLine(options.Log == LogFormat.Json
            ? LogLines.Json(clock.GetUtcNow(), entry.LogLevel, entry.Category, entry.EventId, message, entry.State, entry.Exception)
            : LogLines.Line(clock.GetUtcNow(), entry.LogLevel, entry.Category, message, entry.Exception));
    }

    // Each connection beyond the limit would be a line: strangers must not be able to fill the log, and whoever serves the desk must see why nobody gets in.
    private void SayFull(LogLevel level, EventId id, TextWriter writer)
    {
        var now = clock.GetElapsedTime(0);
        lock (gate)
        {
            if (now - saidFull < FullAgain)
            {
                return;
            }

            saidFull = now;
        }

        var category = typeof(Doors).FullName!;
        writer.WriteLine(options.Log == LogFormat.Json
            ? LogLines.Json(clock.GetUtcNow(), level, category, id, Full, null, null)
            : LogLines.Line(clock.GetUtcNow(), level, category, Full, null));
    }

    /// <summary>To stderr; ours from information on, the framework's from warning on.</summary>
    internal static void Use(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Hinoban", LogLevel.Information);

        // The framework writes each refused token under our handler's name: that is for the audit and the counter, and no way to fill a disk.
        logging.AddFilter(typeof(BearerTokens).FullName, LogLevel.Warning);

        // A form key that is not one of ours is told with its stack; anybody can send those too.
        logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);

        // A start that fails is told in one line by whoever knows why, or ends the process with its exception; the host would say it a second time.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = FormatterName;
        });
        logging.AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>();
    }
}
