using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hinoban.Specs;

/// <summary>
/// YAML text → tree with places, from the library's event stream. Takes the part of YAML that a contract needs: maps with plain keys,
/// lists, scalars, anchors within a budget; no tags, no second document. What is outside is a located problem.
/// </summary>
internal sealed class SpecTree
{
    /// <summary>Deeper than any specification; keeps hostile nesting off the stack.</summary>
    internal const int Deepest = 24;

    /// <summary>Values that aliases may expand to in one file.</summary>
    internal const int MostByAliases = 200_000;

    private readonly string file;
    private readonly SpecProblems problems;
    private readonly Parser parser;
    private readonly Dictionary<string, SpecPiece?> anchors = [];
    private readonly Dictionary<string, string> pool = [];
    private readonly IReadOnlyDictionary<int, int> tabs;
    private long byAliases;

    private SpecTree(string file, string text, SpecProblems problems)
    {
        this.file = file;
        this.problems = problems;
        tabs = YamlTrouble.Tabs(text);
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The file's one top-level map, or null with problems reported.</summary>
    internal static SpecMap? Read(string file, string text, SpecProblems problems)
    {
        var top = new SpecPlace(file, 1, 1);
        var tree = new SpecTree(file, text, problems);
        try
        {
            switch (tree.Document())
            {
                case SpecMap map:
                    return map;
                case null or { IsNull: true }:
                    problems.Wrong(top, SpecText.SaysNothing, SpecText.Begin);
                    return null;
                case var other:
                    problems.Wrong(other.At, SpecText.NotAMap, SpecText.Begin);
                    return null;
            }
        }
        catch (SpecStop)
        {
            return null;
        }
        catch (YamlException broken)
        {
            YamlTrouble.Report(file, tree.tabs, broken, tree.parser.Current?.End ?? Mark.Empty, problems);
            return null;
        }
    }

    private SpecPiece? Document()
    {
        Expect<StreamStart>();
        if (!Next() || parser.Current is StreamEnd)
        {
            return null;
        }

        Next();
        var root = Node(0);
        Expect<DocumentEnd>();
        if (Next() && parser.Current is DocumentStart second)
        {
            problems.Wrong(Place(second.Start), SpecText.SecondDocument, SpecText.OneDocument);
        }

        return root;
    }

    /// <summary>The library means to throw only its own exception; on some broken input its states run into others.</summary>
    private bool Next()
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
        {
            var at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "the text cannot be read on from here");
        }
    }

    private void Expect<T>()
    {
        if (!Next() || parser.Current is not T)
        {
            throw new YamlException(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, "the document does not end here");
        }
    }

    private SpecPiece Node(int depth)
    {
        var now = parser.Current!;
        if (depth > Deepest)
        {
            problems.Wrong(Place(now.Start), SpecText.TooDeep(Deepest), SpecText.NoClauseSoDeep);
            throw new SpecStop();
        }

        if (now is AnchorAlias alias)
        {
            return Alias(alias);
        }

        if (now is not NodeEvent started)
        {
            throw new YamlException(now.Start, now.End, "a value is missing here");
        }

        if (tabs.TryGetValue((int)now.Start.Line, out var tab) && tab < now.Start.Column)
        {
            YamlTrouble.Tab(new SpecPlace(file, (int)now.Start.Line, tab), problems);
        }

        var anchor = Begin(started);
        SpecPiece node = now switch
        {
            Scalar scalar => new SpecScalar(Place(scalar.Start), Pooled(scalar.Value), scalar.Style == ScalarStyle.Plain),
            SequenceStart => List(started, depth),
            _ => Map(started, depth),
        };
        if (anchor is not null)
        {
            anchors[anchor] = node;
        }

        return node;
    }

    private string? Begin(NodeEvent started)
    {
        if (!started.Tag.IsEmpty)
        {
            problems.Wrong(Place(started.Start), SpecText.Tag(started.Tag.ToString()), SpecText.NoTags);
        }

        if (started.Anchor.IsEmpty)
        {
            return null;
        }

        anchors[started.Anchor.Value] = null;
        return started.Anchor.Value;
    }

    private SpecPiece Alias(AnchorAlias alias)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out var node))
        {
            problems.Wrong(Place(alias.Start), SpecText.NoAnchor(alias.Value.Value), SpecText.AnchorRight);
            problems.Hush(Place(alias.Start));
            return new SpecScalar(Place(alias.Start), "", plain: true);
        }

        if (node is null)
        {
            problems.Wrong(Place(alias.Start), SpecText.AliasInside(alias.Value.Value), SpecText.NotInItself);
            throw new SpecStop();
        }

        byAliases += node.Weight;
        if (byAliases > MostByAliases)
        {
            problems.Wrong(Place(alias.Start), SpecText.AliasesExpand(MostByAliases), SpecText.UseTemplates);
            throw new SpecStop();
        }

        return node;
    }

    private SpecList List(NodeEvent started, int depth)
    {
        var items = new List<SpecPiece>();
        while (Next() && parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        return new SpecList(Place(started.Start), items);
    }

    private SpecMap Map(NodeEvent started, int depth)
    {
        var entries = new List<SpecEntry>();
        var seen = new Dictionary<string, SpecPlace>(StringComparer.Ordinal);
        while (Next() && parser.Current is not MappingEnd)
        {
            var key = Node(depth + 1);
            Next();
            var value = Node(depth + 1);
            if (key is not SpecScalar word)
            {
                problems.Wrong(key.At, SpecText.KeyNotAWord, SpecText.KeyIsAWord);
            }
            else if (seen.TryAdd(word.Text, word.At))
            {
                entries.Add(new SpecEntry(word, value));
            }
            else
            {
                problems.Wrong(word.At, SpecText.HereTwice(word.Text, seen[word.Text].Line), SpecText.SayItOnce);
            }
        }

        return new SpecMap(Place(started.Start), entries);
    }

    /// <summary>Keys and short values repeat by the ten thousand.</summary>
    private string Pooled(string text)
    {
        if (text.Length > 24)
        {
            return text;
        }

        if (!pool.TryGetValue(text, out var kept))
        {
            pool[text] = kept = text;
        }

        return kept;
    }

    private SpecPlace Place(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    /// <summary>The rest of the file cannot be read sensibly; the problem is already reported.</summary>
    private sealed class SpecStop : Exception;
}
