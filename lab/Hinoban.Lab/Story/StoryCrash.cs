using System.Diagnostics;
using Hinoban.Basics;

namespace Hinoban.Lab.Story;

/// <summary>
/// Kills a process of the story when it passes a milestone for the n-th time: what it was doing ends there, with nothing written, and nothing of it
/// goes on. Listens from outside, as the crash hook of a real process does.
/// </summary>
internal sealed class StoryCrash : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly Func<LabNode, bool> meant;
    private readonly string milestone;
    private readonly Action kill;
    private readonly List<IDisposable> listening = [];
    private int left;

    internal StoryCrash(Func<LabNode, bool> meant, Milestone milestone, int time, Action kill)
    {
        (this.meant, this.milestone, left, this.kill) = (meant, milestone.ToString(), time, kill);
        listening.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    internal bool Happened => left <= 0;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Milestones.ListenerName)
        {
            listening.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // Other tests of this process pass milestones too, on threads of their own.
        if (value.Key == milestone && SynchronizationContext.Current is LabNode { Alive: true } node && meant(node) && --left == 0)
        {
            kill();
            if (!node.Alive)
            {
                throw new NodeKilledException();
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => listening.ForEach(l => l.Dispose());
}
