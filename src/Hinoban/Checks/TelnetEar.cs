using System.Text;

namespace Hinoban.Checks;

/// <summary>Telnet's bytes taken apart (RFC 854): text, and offers that are all turned down, so that a server goes on to its prompt. Pure.</summary>
internal sealed class TelnetEar
{
    private const byte Iac = 255;
    private const byte Dont = 254;
    private const byte Do = 253;
    private const byte Wont = 252;
    private const byte Will = 251;
    private const byte SubBegin = 250;
    private const byte SubEnd = 240;

    private readonly MemoryStream text = new();
    private Place place;
    private byte verb;

    private enum Place
    {
        /// <summary>In text.</summary>
        Text,

        /// <summary>After an IAC.</summary>
        Command,

        /// <summary>After an IAC and one of the four verbs.</summary>
        Option,

        /// <summary>In a subnegotiation.</summary>
        Sub,

        /// <summary>In a subnegotiation, after an IAC.</summary>
        SubCommand,
    }

    /// <summary>All text so far, as bytes.</summary>
    internal ReadOnlySpan<byte> Heard => text.GetBuffer().AsSpan(0, (int)text.Length);

    /// <summary>The text's beginning, or all of it.</summary>
    internal string Text(int most = int.MaxValue) => Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)Math.Min(text.Length, most));

    /// <summary>Takes bytes in and gives what is to be answered.</summary>
    internal byte[] Take(ReadOnlySpan<byte> bytes)
    {
        var answer = new List<byte>();
        foreach (var b in bytes)
        {
            switch (place)
            {
                case Place.Text when b == Iac:
                    place = Place.Command;
                    break;
                case Place.Text:
                    text.WriteByte(b);
                    break;
                case Place.Command when b is Will or Wont or Do or Dont:
                    (verb, place) = (b, Place.Option);
                    break;
                case Place.Command:
                    place = b == SubBegin ? Place.Sub : Place.Text;
                    break;
                case Place.Option:
                    // Only offers are answered: an answer to "don't" would go round for ever.
                    answer.AddRange(verb == Do ? [Iac, Wont, b] : verb == Will ? [Iac, Dont, b] : (ReadOnlySpan<byte>)[]);
                    place = Place.Text;
                    break;
                case Place.Sub:
                    place = b == Iac ? Place.SubCommand : Place.Sub;
                    break;
                case Place.SubCommand:
                    place = b == SubEnd ? Place.Text : Place.Sub;
                    break;
            }
        }

        return [.. answer];
    }
}
