using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// Loaded into a Hinoban process by the runtime (DOTNET_STARTUP_HOOKS), never referenced by it: kills the process, as kill -9 would, when it
/// passes a milestone for the n-th time. HINOBAN_CRASH_AT = <c>MailDotSent:2</c>; HINOBAN_CRASH_LOG = a file that gets a line for each
/// milestone passed, and a last one for the kill. HINOBAN_CRASH_WHEN = a file: nothing counts before it exists.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        var wish = Environment.GetEnvironmentVariable("HINOBAN_CRASH_AT")?.Split(':');
        var log = Environment.GetEnvironmentVariable("HINOBAN_CRASH_LOG");
        var when = Environment.GetEnvironmentVariable("HINOBAN_CRASH_WHEN");
        if (wish is not null || log is not null)
        {
            DiagnosticListener.AllListeners.Subscribe(new Finder(new Killer(
                wish?[0],
                wish is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1,
                log,
                when)));
        }
    }

    private sealed class Finder(Killer killer) : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Hinoban")
            {
                value.Subscribe(killer);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Killer(string? point, int wanted, string? log, string? when) : IObserver<KeyValuePair<string, object?>>
    {
        private readonly Lock gate = new();
        private int passed;
        private bool armed = when is null;

        public void OnNext(KeyValuePair<string, object?> value)
        {
            // Under the lock nothing else passes a milestone between the count and the kill.
            lock (gate)
            {
                armed = armed || File.Exists(when);
                if (!armed)
                {
                    return;
                }

                var kill = value.Key == point && ++passed == wanted;
                if (log is not null)
                {
                    File.AppendAllText(log, kill ? $"killed {value.Key}\n" : $"{value.Key}\n");
                }

                if (kill)
                {
                    _ = Kill(Environment.ProcessId, 9);
                }
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
