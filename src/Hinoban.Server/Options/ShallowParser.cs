using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hinoban.Server.Options;

/// <summary>What is nested deeper than allowed begins at <see cref="YamlException.Start"/>.</summary>
internal sealed class TooDeepException(Mark start, Mark end) : YamlException(start, end, "nested too deeply");

/// <summary>A parser that ends where the nesting is deeper than allowed: the library reads a tree by recursion, and a few kilobytes of brackets would take all of the stack.</summary>
internal sealed class ShallowParser(IParser inner, int deepest) : IParser
{
    private int depth;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        if (!inner.MoveNext())
        {
            return false;
        }

        depth += inner.Current!.NestingIncrease;
        return depth <= deepest ? true : throw new TooDeepException(inner.Current.Start, inner.Current.End);
    }
}
