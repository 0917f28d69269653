using System.Globalization;
using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.Specs;

namespace Hinoban.Lab.Story;

/// <summary>How a story is set up.</summary>
internal sealed record StoryOptions
{
    internal IReadOnlyList<string> Sites { get; init; } = ["tokyo", "osaka"];

    /// <summary>What every site looks at to know whether its own way out works; none unless a story has some.</summary>
    internal IReadOnlyList<Anchor> Anchors { get; init; } = [];

    /// <summary>The sites listen for each other, and speak when the desk is away.</summary>
    internal bool Away { get; init; }

    /// <summary>Two machines share the desk's database, and one of them has the desk.</summary>
    internal bool Paired { get; init; }

    /// <summary>Of everything that is drawn by lot: the same seed, the same run.</summary>
    internal int Seed { get; init; } = 1;

    /// <summary>What the clocks show when it begins; a usual day if null.</summary>
    internal DateTimeOffset? Start { get; init; }

    /// <summary>Where the data folders are made; the system's folder for temporary files if null.</summary>
    internal string? Folder { get; init; }

    /// <summary>How long the world is watched after the story was told: nothing more may happen.</summary>
    internal TimeSpan Afterwards { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Mail comes in, and the desk's test mails go round.</summary>
    internal bool Inbound { get; init; }

    /// <summary>There is a second relay.</summary>
    internal bool SecondRelay { get; init; }

    /// <summary>Loops of the desk (by their names in <c>DeskWiring</c>) that this story does without: a long simulation that never rewrites its
    /// specification need not look at the file every two seconds.</summary>
    internal IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>A story that is not told by then waits for what never comes.</summary>
    internal TimeSpan AtMost { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>Everything of a story but the story: time, machines, lines, the relay, the customers' hosts, and the book of what happened.</summary>
internal sealed class StoryWorld : IDisposable
{
    internal StoryWorld(string spec, StoryOptions options)
    {
        (Seed, Without, Away) = (options.Seed, options.Without, options.Away);
        Clock = options.Start is { } start ? new LabClock(start) : new LabClock();
        (Inbound, Second) = (options.Inbound, options.SecondRelay ? new LabRelay { Travel = () => Task.Delay(TimeSpan.FromMilliseconds(5), Clock) } : null);
        Second?.Took = Took;
        Anchors = options.Anchors.Count == 0 ? AnchorPlan.None : new AnchorPlan(options.Anchors, AnchorPlan.UsualQuorum(options.Anchors.Count));
        Loop = new LabLoop(Clock);
        Book = new StoryBook(Clock);
        Loop.Settled = Book.Settled;
        Folder = options.Folder is { } parent
            ? Directory.CreateDirectory(Path.Combine(parent, Path.GetRandomFileName())).FullName
            : Directory.CreateTempSubdirectory("hinoban-story-").FullName;
        RelayLog = Path.Combine(Folder, "mail.log");
        Relay.Travel = () => Task.Delay(TimeSpan.FromMilliseconds(5), Clock);
        Relay.Connected = () => WriteRelayLog("smtpd[1]: connect from desk");
        Relay.Took = Took;
        WriteRelayLog("postfix-script[1]: starting the Postfix mail system");
        Shell = new LabShell(Clock, command => Book.Note("host", EntryKind.Command, command));
        Sites = [.. options.Sites.Select((name, i) => new StorySite(this, name, i + 2))];
        Desk = new StoryDesk(this, options.Paired);
        Paired = options.Paired;
        File.WriteAllText(Desk.SpecFile, spec);
    }

    internal bool Paired { get; }

    internal LabClock Clock { get; }

    internal AnchorPlan Anchors { get; }

    internal LabLoop Loop { get; }

    internal StoryBook Book { get; }

    internal LabTargets Targets { get; } = new();

    internal LabDoor Door { get; } = new();

    internal LabRelay Relay { get; } = new();

    internal LabRelay? Second { get; }

    internal bool Inbound { get; }

    /// <summary>False: what is sent to the desk itself is lost on the way back.</summary>
    internal bool ComesBack { get; set; } = true;

    internal LabShell Shell { get; }

    internal StoryDesk Desk { get; }

    internal IReadOnlyList<StorySite> Sites { get; }

    internal string Folder { get; }

    /// <summary>As Postfix writes it, so that the desk can look up what a crash left unknown.</summary>
    internal string RelayLog { get; }

    internal int Seed { get; }

    internal IReadOnlyList<string> Without { get; }

    internal bool Away { get; }

    /// <summary>The lines between sites.</summary>
    internal LabPeers Peers { get; } = new();

    /// <summary>Who watches the company from outside; nobody by itself.</summary>
    internal StoryWatch Watch { get; set; } = new();

    /// <summary>Does something in a node's context, at once.</summary>
    internal T In<T>(LabNode node, Func<T> work)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(node);
        try
        {
            return work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs a loop of a process as its host does: one that ends though nobody stopped it is told.</summary>
    internal async Task RunAsync(LabNode node, Func<CancellationToken, Task> run, CancellationToken stop, TaskCompletionSource ended)
    {
        Exception? error = null;
        try
        {
            await run(stop);
        }
        catch (Exception wrong)
        {
            error = wrong;
        }

        if (node.Alive && !stop.IsCancellationRequested)
        {
            Book.Note(node.Name, EntryKind.Log, $"Critical a loop ended: {error}");
        }

        ended.TrySetResult();
    }

    public void Dispose()
    {
        Desk.Dispose();
        foreach (var site in Sites)
        {
            site.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private void Took(string queueId, MailEnvelope envelope)
    {
        var mail = new SinkMail(queueId, envelope.Sender, envelope.Recipient, envelope.Message.ToArray(), Clock.GetUtcNow());
        WriteRelayLog($"cleanup[1]: {queueId}: message-id={mail.MessageId}");
        WriteRelayLog($"qmgr[1]: {queueId}: from=<{envelope.Sender}>, size={mail.Raw.Length}, nrcpt=1 (queue active)");
        if (mail.Recipient.StartsWith("hinoban-arrival+", StringComparison.Ordinal))
        {
            // The MTA hands the desk's own test mail back to it.
            var (node, parts) = (Desk.Node, Desk.Parts);
            if (!ComesBack)
            {
                return;
            }

            node?.Post(() => parts.Inbound!.Take(new ReceivedMail(envelope.Sender, mail.Recipient, mail.Raw)));
            return;
        }

        Book.Note("relay", EntryKind.Mail, $"to {mail.Recipient}: {mail.Subject}", mail);
        Watch.Mailed(envelope);
    }

    // The relay runs on the desk's machine, and has its wall clock; of two machines on none of theirs.
    private void WriteRelayLog(string line) =>
        File.AppendAllText(RelayLog, string.Create(CultureInfo.InvariantCulture, $"{Clock.GetUtcNow() + (Paired ? TimeSpan.Zero : Desk?.WallAhead ?? TimeSpan.Zero):yyyy-MM-ddTHH:mm:ss.ffffffzzz} relay postfix/{line}\n"));
}
