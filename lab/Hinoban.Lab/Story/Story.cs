using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Specs;

namespace Hinoban.Lab.Story;

/// <summary>
/// The whole company in one process, on one thread, under virtual time: a desk, its sites, their lines, the relay and the customers' hosts, run by
/// what production runs. A story does something to them and says what it expects; any mail, command or warning that it did not claim fails it.
/// The same story is the same run.
/// </summary>
internal sealed partial class Story
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly StoryWorld world;
    private readonly List<StoryCrash> crashes = [];

    private Story(StoryWorld world) => this.world = world;

    internal static Scope All { get; } = Scope.Across("story");

    /// <summary>The line of time so far.</summary>
    internal string Timeline => world.Book.Timeline;

    internal IReadOnlyList<StoryEntry> Entries => world.Book.Entries;

    internal LabRelay Relay => world.Relay;

    /// <summary>The second relay, where the story has one.</summary>
    internal LabRelay Second => world.Second!;

    internal LabShell Shell => world.Shell;

    internal StoryDesk Desk => world.Desk;

    internal DateTimeOffset UtcNow => world.Clock.GetUtcNow();

    /// <summary>Time since the story began.</summary>
    internal TimeSpan Now => world.Clock.Elapsed;

    /// <summary>Tells a story to its end, and returns its timeline. Throws <see cref="StoryFailedException"/> if it went otherwise.</summary>
    internal static string Tell(string spec, Func<Story, Task> tale, StoryOptions? options = null)
    {
        options ??= new StoryOptions();
        using var world = new StoryWorld(spec, options);
        var story = new Story(world);
        try
        {
            world.Loop.Run(() => story.RunAsync(tale, options.Afterwards), options.AtMost);
        }
        catch (Exception error)
        {
            throw new StoryFailedException(error.Message, story.Timeline, error);
        }
        finally
        {
            story.crashes.ForEach(c => c.Dispose());
        }

        return world.Book.Surprises.ToList() is { Count: > 0 } surprises
            ? throw new StoryFailedException($"Not expected:\n{string.Join('\n', surprises)}", story.Timeline)
            : story.Timeline;
    }

    internal StorySite Site(string name) => world.Sites.FirstOrDefault(s => s.Name.Value == name) ?? throw new ArgumentException($"There is no site {name}.", nameof(name));

    /// <summary>Lets time pass.</summary>
    internal Task Pass(TimeSpan time) => Task.Delay(time, world.Clock);

    internal Task Pass(double minutes) => Pass(TimeSpan.FromMinutes(minutes));

    /// <summary>Waits until something is so; fails if it does not come to it.</summary>
    internal Task Until(Func<bool> holds, string what, TimeSpan? within = null) => world.Book.UntilAsync(holds, what, within ?? Patience);

    /// <summary>A mail that the story expects, now or later: to this recipient, with this in its subject.</summary>
    internal async Task<SinkMail> Mail(string to, string subject, TimeSpan? within = null) => (await world.Book.ClaimAsync(
        EntryKind.Mail,
        e => e.Mail!.Recipient == to && e.Mail.Subject.Contains(subject, StringComparison.Ordinal),
        $"a mail to {to} with \"{subject}\" in its subject",
        within ?? Patience)).Mail!;

    /// <summary>One such mail to each of the recipients.</summary>
    internal Task<IReadOnlyList<SinkMail>> Mails(string subject, params IEnumerable<string> to) => Mails(subject, to, Patience);

    /// <inheritdoc cref="Mails(string, IEnumerable{string})"/>
    internal async Task<IReadOnlyList<SinkMail>> Mails(string subject, IEnumerable<string> to, TimeSpan within)
    {
        var mails = new List<SinkMail>();
        foreach (var recipient in to)
        {
            mails.Add(await Mail(recipient, subject, within));
        }

        return mails;
    }

    /// <summary>The MTA in front of the desk hands it a mail.</summary>
    internal Task<InboundReply> Receive(string sender, string recipient, byte[] message) => Desk.DoAsync(parts =>
    {
        var known = parts.Inbound!.Knows(recipient);
        return Task.FromResult(known.Code == 250 ? parts.Inbound.Take(new ReceivedMail(sender, recipient, message)) : known);
    });

    /// <summary>Whether the desk's own test mails come back.</summary>
    internal bool ComesBack
    {
        get => world.ComesBack;
        set
        {
            world.ComesBack = value;
            Told(value ? "mail comes in again" : "mail is lost before it comes in");
        }
    }

    /// <summary>A command that the story expects on a customer's host.</summary>
    internal Task Command(string host, string command, TimeSpan? within = null) => world.Book.ClaimAsync(
        EntryKind.Command, e => e.Text == $"[{host}] $ {command}", $"{command} on {host}", within ?? Patience);

    /// <summary>Warnings with these words are part of the story; at least one must come.</summary>
    internal void ExpectLog(string words) => world.Book.ExpectLog(words);

    /// <summary>Warnings with these words may come.</summary>
    internal void AllowLog(string words) => world.Book.AllowLog(words);

    /// <summary>An item as the desk shows it: <c>web1/http</c>, or <c>web1</c> for the host check.</summary>
    internal ItemRow Item(string title) => Desk.Parts.Queries.Hosts(All)
        .SelectMany(h => h.Services.Prepend(h.Alive!).Where(i => i is not null))
        .First(i => (i.Service.Length == 0 ? i.Host : $"{i.Host}/{i.Service}") == title);

    /// <summary>The open incidents.</summary>
    internal IReadOnlyList<IncidentRow> Incidents => Desk.Parts.Queries.Incidents(All);

    internal IncidentView Incident(IncidentId id) => Desk.Parts.Queries.Incident(All, id, StoryOperator.Sato)!;

    /// <summary>Somebody at the desk.</summary>
    internal StoryOperator Operator => new(this, StoryOperator.Sato);

    private async Task RunAsync(Func<Story, Task> tale, TimeSpan afterwards)
    {
        Desk.Start();
        foreach (var site in world.Sites)
        {
            site.Start();
        }

        await tale(this);
        await Pass(afterwards);
    }

    private void Told(string text) => world.Book.Note("story", EntryKind.Told, text);
}
