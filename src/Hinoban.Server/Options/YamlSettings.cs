using System.Globalization;
using System.Text;
using Hinoban.Basics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hinoban.Server.Options;

/// <summary>The settings of one <c>hinoban.yaml</c>, each with its line and column.</summary>
internal sealed class YamlSettings
{
    private const int Deepest = 24;

    // Names in another encoding would otherwise stand garbled in every mail.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string path;
    private readonly bool found;
    private readonly List<OptionProblem> problems;
    private readonly Dictionary<string, Given> values = [];

    private YamlSettings(string path, bool found, List<OptionProblem> problems) => (this.path, this.found, this.problems) = (path, found, problems);

    internal IReadOnlyDictionary<string, Given> Values => values;

    /// <summary>Never throws: what is wrong with the file is added to <paramref name="problems"/>.</summary>
    internal static YamlSettings Read(string path, bool found, List<OptionProblem> problems)
    {
        var settings = new YamlSettings(path, found, problems);
        if (settings.Root() is { } root)
        {
            settings.Take("", root);
        }

        return settings;
    }

    // Null if there is nothing, or nothing readable.
    private YamlNode? Root()
    {
        Scanner? scanner = null;
        try
        {
            using var reader = new StreamReader(path, Strict, detectEncodingFromByteOrderMarks: true);
            var stream = new YamlStream();
            stream.Load(new ShallowParser(new Parser(scanner = new Scanner(reader)), Deepest));
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
        }
        catch (TooDeepException deep)
        {
            Add(deep.Start, OptionText.YamlTooDeep(Deepest), OptionText.Nothing);
        }
        catch (DecoderFallbackException)
        {
            Add(FirstWrong(), OptionText.NotUtf8, OptionText.SaveAsUtf8);
        }
        catch (YamlException wrong)
        {
            Add(wrong.Start, OptionText.YamlWrong(wrong.InnerException?.Message ?? wrong.Message), OptionText.Nothing);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            problems.Add(new OptionProblem(path, OptionText.FileUnreadable, Text.Same(wrong.Message)));
        }
#pragma warning disable CA1031 // Of some mistakes the library makes an exception that is a bug of its own, of any type: where it had come to is known all the same.
        catch (Exception) when (scanner is not null)
#pragma warning restore CA1031
        {
            Add(scanner.CurrentPosition, OptionText.YamlEnds, OptionText.Nothing);
        }

        return null;
    }

    // The reader decodes ahead of the scanner: the place is in the bytes.
    private Mark FirstWrong()
    {
        var bytes = File.ReadAllBytes(path);
        var readable = bytes.Length;
        try
        {
            Strict.GetCharCount(bytes);
        }
        catch (DecoderFallbackException wrong)
        {
            readable = Math.Max(0, wrong.Index);
        }

        var before = Strict.GetString(bytes, 0, readable);
        return new Mark(readable, before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private void Take(string key, YamlNode node)
    {
        if (node is YamlMappingNode mapping && (key.Length == 0 || IsPrefix(key)))
        {
            foreach (var (name, child) in mapping)
            {
                TakeChild(key, name, child);
            }
        }
        else if (key.Length == 0)
        {
            // An empty document has one empty scalar as its root.
            if (node is not YamlScalarNode { Value: null or "" })
            {
                Add(node.Start, OptionText.YamlWrong(node.NodeType.ToString()), OptionText.Nothing);
            }
        }
        else
        {
            TakeValue(key, node);
        }
    }

    private void TakeChild(string parent, YamlNode name, YamlNode child)
    {
        var key = (parent.Length == 0 ? "" : parent + ".") + (name as YamlScalarNode)?.Value;
        var known = Settings.All.Select(s => s.Key);
        if (key == Settings.MailPassword.Key)
        {
            Add(name.Start, OptionText.SecretInFile, OptionText.SecretRight);
        }
        else if (key == Settings.Data.Key && found)
        {
            Add(name.Start, OptionText.DataInDataFolder, OptionText.Nothing);
        }
        else if (known.Contains(key) || IsPrefix(key))
        {
            Take(key, child);
        }
        else
        {
            Add(name.Start, new Text($"{key}: {OptionText.UnknownKey.Ja}", $"{key}: {OptionText.UnknownKey.En}"), Nearest.Hint(key, known));
        }
    }

    private void TakeValue(string key, YamlNode node)
    {
        var setting = Settings.All.FirstOrDefault(s => s.Key == key);
        IReadOnlyList<string>? given = node switch
        {
            YamlScalarNode scalar => [scalar.Value ?? ""],
            YamlSequenceNode list when setting is { Shape: SettingShape.Paths or SettingShape.Names } && list.All(n => n is YamlScalarNode) =>
                [.. list.Select(n => ((YamlScalarNode)n).Value ?? "")],
            _ => null,
        };
        if (given is null)
        {
            Add(node.Start, new Text($"{key}: {OptionText.NotAValue.Ja}", $"{key}: {OptionText.NotAValue.En}"), OptionText.Nothing);
            return;
        }

        // A name without languages is the same in both.
        string[] keys = setting is null ? [$"{key}.ja", $"{key}.en"] : [key];
        foreach (var one in keys)
        {
            if (Settings.All.Any(s => s.Key == one))
            {
                values[one] = new Given(given, Where(node.Start), Path.GetDirectoryName(path)!);
            }
            else
            {
                Add(node.Start, new Text($"{key}: {OptionText.UnknownKey.Ja}", $"{key}: {OptionText.UnknownKey.En}"), OptionText.Nothing);
                break;
            }
        }
    }

    private static bool IsPrefix(string key) => Settings.All.Any(s => s.Key.StartsWith(key + ".", StringComparison.Ordinal));

    private string Where(Mark at) => string.Create(CultureInfo.InvariantCulture, $"{path}:{at.Line}:{at.Column}");

    private void Add(Mark at, Text wrong, Text right) => problems.Add(new OptionProblem(Where(at), wrong, right));
}
