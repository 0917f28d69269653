using Hinoban.Basics;

namespace Hinoban.People;

/// <summary>
/// Decides whether a try to sign in is looked at, before it costs anything. A try counts as wrong from its beginning on, so that a
/// hundred at the same time are a hundred and not one. What it answers depends on what was tried before, never on which accounts exist.
/// </summary>
internal sealed class SignInGuard
{
    private const int Senders = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Name, string Origin), int> running = [];
    private readonly Dictionary<string, (int Count, TimeSpan Since)> wrong = [];

    /// <summary>True if the try may go on; then <see cref="End"/> must follow. <paramref name="recorded"/> gives what the database has of this name and address.</summary>
    internal bool Begin(string name, string origin, Moment now, Func<(int Tries, DateTimeOffset? LastUtc)> recorded)
    {
        lock (gate)
        {
            var sender = Origins.SenderOf(origin);
            var (count, since) = wrong.TryGetValue(sender, out var known) && now.Mono - known.Since < AccountRules.BudgetTime ? known : (0, now.Mono);
            if (count >= AccountRules.Budget)
            {
                return false;
            }

            var others = running.GetValueOrDefault((name, origin));
            var (tries, last) = recorded();
            if (!AccountRules.MayTry(tries + others, others > 0 ? now.Utc : last, now.Utc))
            {
                return false;
            }

            MakeRoom(now.Mono);
            wrong[sender] = (count + 1, since);
            running[(name, origin)] = others + 1;
            return true;
        }
    }

    /// <summary>A right try is given back to its sender's budget. A wrong one must be in the database before this.</summary>
    internal void End(string name, string origin, bool right)
    {
        lock (gate)
        {
            if (running[(name, origin)] is > 1 and var others)
            {
                running[(name, origin)] = others - 1;
            }
            else
            {
                running.Remove((name, origin));
            }

            var sender = Origins.SenderOf(origin);
            if (right && wrong.TryGetValue(sender, out var known))
            {
                wrong[sender] = (Math.Max(0, known.Count - 1), known.Since);
            }
        }
    }

    // Whoever commands ten thousand addresses is not stopped by counting them; but he must not fill the memory either.
    private void MakeRoom(TimeSpan now)
    {
        if (wrong.Count < Senders)
        {
            return;
        }

        foreach (var sender in wrong.Where(w => now - w.Value.Since >= AccountRules.BudgetTime || w.Value.Count <= 0).Select(w => w.Key).ToList())
        {
            wrong.Remove(sender);
        }

        if (wrong.Count >= Senders)
        {
            wrong.Remove(wrong.MinBy(w => w.Value.Since).Key);
        }
    }
}
