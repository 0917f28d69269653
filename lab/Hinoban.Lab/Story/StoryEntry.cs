using System.Globalization;

namespace Hinoban.Lab.Story;

/// <summary>What a line of the timeline is.</summary>
internal enum EntryKind
{
    /// <summary>The story did it: broke, mended, killed.</summary>
    Told,

    /// <summary>A site's look found something else than its last one.</summary>
    Look,

    /// <summary>An order reached a site.</summary>
    Order,

    /// <summary>The desk's verdict on an item changed.</summary>
    Verdict,

    /// <summary>An event of an incident.</summary>
    Event,

    /// <summary>The relay took a mail. To be claimed.</summary>
    Mail,

    /// <summary>A command ran on a customer's host. To be claimed.</summary>
    Command,

    /// <summary>A warning or an error. To be claimed.</summary>
    Log,
}

/// <summary>A line of the timeline.</summary>
internal sealed record StoryEntry(TimeSpan At, string Who, EntryKind Kind, string Text)
{
    /// <summary>The story expected it.</summary>
    internal bool Claimed { get; set; }

    internal bool MustBeClaimed => Kind is EntryKind.Mail or EntryKind.Command or EntryKind.Log;

    /// <summary>The mail itself, of an entry that is one.</summary>
    internal SinkMail? Mail { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)At.TotalDays}d {At:hh\\:mm\\:ss\\.fff} {(MustBeClaimed && !Claimed ? '!' : ' ')} {Kind,-7} {Who,-8} {Text}");
}

/// <summary>The story did not go as told; carries the whole run.</summary>
internal sealed class StoryFailedException(string why, string timeline, Exception? inner = null) : Exception($"{why}\n\n{timeline}", inner);

/// <summary>Ends what runs in a process that was killed, up to where it was called from; nothing in the process may act on it any more.</summary>
internal sealed class NodeKilledException() : Exception("This process was killed.");
