using System.Text;

namespace Hinoban.Checks.Ssh;

/// <summary>Output as it came, at most <see cref="Limit"/> bytes of it: the beginning and the end, since an error is told at the end.</summary>
internal sealed class Transcript
{
    internal const int Limit = 1 << 20;
    private const int Part = Limit / 2;

    private readonly MemoryStream head = new();
    private readonly byte[] tail = new byte[Part];
    private long total;

    private long InTail => total - head.Length;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        var toHead = (int)Math.Min(bytes.Length, Part - head.Length);
        head.Write(bytes[..toHead]);
        total += bytes.Length;
        bytes = bytes[toHead..];
        bytes = bytes.Length > Part ? bytes[^Part..] : bytes;
        if (bytes.IsEmpty)
        {
            return;
        }

        var at = (int)((InTail - bytes.Length) % Part);
        var first = Math.Min(bytes.Length, Part - at);
        bytes[..first].CopyTo(tail.AsSpan(at));
        bytes[first..].CopyTo(tail);
    }

    /// <summary>As text: UTF-8, what is none becomes U+FFFD, and so does NUL, which not every database takes.</summary>
    public override string ToString()
    {
        var start = head.GetBuffer().AsSpan(0, (int)head.Length);
        var text = InTail <= Part
            ? Encoding.UTF8.GetString([.. start, .. tail.AsSpan(0, (int)InTail)])
            : $"{Encoding.UTF8.GetString(start)}\n{ShellText.LeftOut(InTail - Part).Record}\n{Encoding.UTF8.GetString(End())}";
        return text.Replace('\0', '\uFFFD');
    }

    private byte[] End()
    {
        var at = (int)(InTail % Part);
        return [.. tail.AsSpan(at), .. tail.AsSpan(0, at)];
    }
}
