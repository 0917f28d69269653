using System.Text;

namespace Hinoban.Acceptance.Scene;

/// <summary>A mail in a member's maildir, as Postfix delivered it.</summary>
internal sealed record DeliveredMail(string File, IReadOnlyDictionary<string, string> Headers)
{
    internal string MessageId => this["message-id"];

    /// <summary>A mail of the provider's own alarms, by its Message-ID.</summary>
    internal static bool IsOwn(string messageId) => messageId.StartsWith("<provider.", StringComparison.Ordinal);

    internal string Subject => this["subject"];

    internal string this[string header] => Headers.GetValueOrDefault(header, "");

    internal static DeliveredMail Read(string file)
    {
        var head = System.IO.File.ReadAllText(file, Encoding.Latin1).ReplaceLineEndings("\n").Split("\n\n", 2)[0];
        var unfolded = head.Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>();
        foreach (var line in unfolded.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.TryAdd(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim());
            }
        }

        return new DeliveredMail(file, headers);
    }

    public override string ToString() => $"{MessageId} {Subject}";
}
