namespace Hinoban.Lab.Servers;

/// <summary>
/// A real server that stands still with all its processes: the kernel goes on taking connections and datagrams for it, nobody answers. For a while it is a slow one;
/// killed in it, it is one that dies while it is asked.
/// </summary>
internal sealed class Standstill : IDisposable
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly IReadOnlyList<int> all;

    internal Standstill(int pid) => Stop(all = Pids.Tree(pid));

    /// <summary>Returns when all of them stand: one that is just being told may still take a connection.</summary>
    internal static void Stop(IReadOnlyList<int> pids)
    {
        Pids.Signal(pids, SigStop);
        if (!Pids.WaitUntil(() => pids.All(Pids.IsStill), Patience))
        {
            throw new TimeoutException($"not all of {string.Join(' ', pids)} stand still");
        }
    }

    internal static void Go(IEnumerable<int> pids) => Pids.Signal(pids, SigContinue);

    /// <summary>What is asked meanwhile is answered <paramref name="late"/>, and no sooner.</summary>
    internal static async Task<T> WhileAsync<T>(int pid, TimeSpan late, Func<Task<T>> ask)
    {
        Task<T> asking;
        using (new Standstill(pid))
        {
            asking = ask();
            await Task.Delay(late, TimeProvider.System);
        }

        return await asking;
    }

    /// <summary>Dies as it stands, with all that it started.</summary>
    internal void Kill()
    {
        Pids.Signal(all, SigKill);
        foreach (var pid in all)
        {
            Pids.WaitGone(pid, Patience);
        }
    }

    public void Dispose() => Go(all);
}
