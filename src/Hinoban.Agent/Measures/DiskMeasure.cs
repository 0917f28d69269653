using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Measures;

/// <summary>Space and inodes in use for each mount; a mount that was not there before is named for an hour, so that every site reads of it.</summary>
internal sealed class DiskMeasure(Roots roots, TimeProvider clock)
{
    private const double Mebi = 1024 * 1024;
    private static readonly TimeSpan News = TimeSpan.FromHours(1);
    private static readonly TimeSpan RemotePatience = TimeSpan.FromMilliseconds(1500);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Task<Look>> asked = new();
    private readonly Dictionary<string, long?> seen = []; // null: there from the beginning
    private readonly Dictionary<string, long?> gone = [];
    private bool first = true;

    internal async Task<Answer> TakeAsync(DiskPlan plan)
    {
        var all = MountTable.All(roots);
        var real = MountTable.Real(all, roots);
        var wanted = plan.Mounts.Count == 0 ? real.Where(m => !plan.Except.Contains(m.Point)).ToList() : [.. plan.Mounts.Select(p => all.LastOrDefault(m => m.Point == p)).OfType<Mount>()];

        // All at once: several dead shares take no longer than one.
        var looks = (await Task.WhenAll(wanted.Select(LookAsync))).ToList();
        looks.AddRange(plan.Mounts.Except(wanted.Select(m => m.Point)).Select(p => new Look(p, default, "is not mounted", CheckStatus.Critical)));
        return Tell(plan, looks, Notice(real));
    }

    private static Answer Tell(DiskPlan plan, List<Look> looks, string notice)
    {
        var judged = looks.ConvertAll(l => l with { Status = l.Trouble.Length > 0 ? l.Status : Answer.Worse(plan.Limits.Judge(l.Space.UsedPercent), l.Space.Inodes == 0 ? CheckStatus.Ok : plan.Inodes.Judge(l.Space.UsedInodesPercent)) });
        var status = judged.Select(l => l.Status).Aggregate(CheckStatus.Ok, Answer.Worse);
        if (judged.Count == 0)
        {
            return new Answer(CheckStatus.Unknown, "DISK UNKNOWN - no mount to look at", notice);
        }

        // What is wrong stands first: an output line may be cut.
        var worst = judged.OrderByDescending(l => l.Status == CheckStatus.Ok ? 0 : 1);
        return new Answer(
            status,
            $"DISK {Answer.Word(status)} - used space: {string.Join("; ", worst.Select(Words))}{(notice.Length > 0 ? $"; {notice}" : "")}",
            string.Join('\n', judged.Select(Line)),
            string.Join(' ', judged.Where(l => l.Trouble.Length == 0).Select(l => Perf(plan, l))));
    }

    private static string Words(Look look) => look.Trouble.Length > 0
        ? $"{look.Point} {look.Trouble}"
        : string.Create(CultureInfo.InvariantCulture, $"{look.Point} {look.Space.Used / Mebi:0}MiB ({look.Space.UsedPercent:0}% used, {look.Space.UsedInodesPercent:0}% of inodes used)");

    private static string Line(Look look) => look.Trouble.Length > 0
        ? $"{look.Point}: {look.Trouble}"
        : string.Create(CultureInfo.InvariantCulture, $"{look.Point}: {look.Space.UsedPercent:0.0}% used, {look.Space.Available / Mebi:0}MiB left, {look.Space.FreeInodes} of {look.Space.Inodes} inodes left");

    private static string Perf(DiskPlan plan, Look look)
    {
        // The limits in bytes are of what ordinary users could take, as the percentage is.
        var whole = look.Space.Used + look.Space.Available;
        var space = PerfText.Of(look.Point, $"{look.Space.Used}B", PerfText.OfWhole(plan.Limits, whole), "0", whole.ToString(CultureInfo.InvariantCulture));
        return look.Space.Inodes == 0 || plan.Inodes == default
            ? space
            : $"{space} {PerfText.Of($"{look.Point}_inodes", $"{PerfText.Number(look.Space.UsedInodesPercent, "0.##")}%", plan.Inodes, "0", "100")}";
    }

    /// <summary>A share over the network is asked on a thread of its own, one question at a time: a dead server holds that thread for ever.</summary>
    private async Task<Look> LookAsync(Mount mount)
    {
        if (!mount.Remote)
        {
            return Ask(mount.Point);
        }

        var question = Question(mount.Point);
        using var enough = new CancellationTokenSource();
        if (await Task.WhenAny(question, Task.Delay(RemotePatience, clock, enough.Token)) != question)
        {
            return new Look(mount.Point, default, $"({mount.Kind} {mount.Source}) does not answer", CheckStatus.Critical);
        }

        await enough.CancelAsync();
        return await question;
    }

    private Task<Look> Question(string point)
    {
        Task<Look>? own = null;
        own = new Task<Look>(AskOnce, TaskCreationOptions.LongRunning);
        var question = asked.GetOrAdd(point, own);
        if (question == own)
        {
            own.Start(TaskScheduler.Default);
        }

        return question;

        // Gone before it is answered: an answer that nobody waited for must not be given to who asks later.
        Look AskOnce()
        {
            try
            {
                return Ask(point);
            }
            finally
            {
                asked.TryRemove(KeyValuePair.Create(point, own!));
            }
        }
    }

    private static Look Ask(string point) => Kernel.Space(point, out var space, out var error)
        ? new Look(point, space, "", CheckStatus.Ok)
        : new Look(point, default, $"cannot be asked: {Marshal.GetPInvokeErrorMessage(error)}", CheckStatus.Unknown);

    private string Notice(IReadOnlyList<Mount> real)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var points = real.Select(m => m.Point).ToHashSet();
            foreach (var left in seen.Keys.Except(points).ToList())
            {
                seen.Remove(left);
                gone[left] = now;
            }

            foreach (var point in points.Where(p => !seen.ContainsKey(p)))
            {
                gone.Remove(point);
                seen[point] = first ? null : now;
            }

            first = false;
            return string.Join("; ", Fresh("new mount", seen, now).Concat(Fresh("no longer mounted", gone, now)));
        }
    }

    private IEnumerable<string> Fresh(string what, Dictionary<string, long?> since, long now)
    {
        var fresh = since.Where(s => s.Value is { } time && clock.GetElapsedTime(time, now) <= News).Select(s => s.Key).Order(StringComparer.Ordinal).ToList();
        return fresh.Count == 0 ? [] : [$"{what}: {string.Join(", ", fresh)}"];
    }

    private readonly record struct Look(string Point, FileSpace Space, string Trouble, CheckStatus Status);
}
