namespace Hinoban.Basics;

/// <summary>A secret in memory. Printing, logging or serialising it shows asterisks; only <see cref="Reveal"/> gives the value.</summary>
internal sealed class Redacted(string secret)
{
    internal string Reveal() => secret;

    public override string ToString() => "***";
}
