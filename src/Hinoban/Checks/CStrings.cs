using System.Runtime.InteropServices;
using System.Text;

namespace Hinoban.Checks;

/// <summary>A null-ended array of C strings in UTF-8, in one piece of memory.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    internal CStrings(IReadOnlyList<string> texts)
    {
        var table = (texts.Count + 1) * sizeof(byte*);
        var most = table;
        foreach (var text in texts)
        {
            most += Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        }

        Pointer = (byte**)NativeMemory.Alloc((nuint)most);
        var next = (byte*)Pointer + table;
        for (var i = 0; i < texts.Count; i++)
        {
            Pointer[i] = next;
            next += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, most));
            *next++ = 0;
        }

        Pointer[texts.Count] = null;
    }

    internal byte** Pointer { get; }

    public void Dispose() => NativeMemory.Free(Pointer);
}
