using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What was written: settings and all definitions, as yet unlinked.</summary>
internal sealed record NagiosWritten(NagiosSettings Settings, IReadOnlyList<NagiosObject> Objects, IReadOnlyList<SpecFile> Files);

/// <summary>Finds and reads the files of a Nagios configuration, from its main file on. What cannot be read is a problem at the line that names it.</summary>
internal sealed class NagiosSources
{
    internal const long LargestFile = 64 * 1024 * 1024;
    internal const long LargestSum = 512L * 1024 * 1024;
    private const int DeepestFolder = 16;

    private readonly NagiosProblems problems;
    private readonly NagiosSettings settings = new();
    private readonly List<NagiosObject> objects = [];
    private readonly List<SpecFile> files = [];
    private readonly HashSet<string> read = [];
    private readonly HashSet<string> reading = [];
    private long sum;

    private NagiosSources(NagiosProblems problems) => this.problems = problems;

    internal static NagiosWritten? Read(string path, NagiosProblems problems)
    {
        var sources = new NagiosSources(problems);
        var top = new SpecPlace(path, 1, 1);
        if (sources.Text(path, top) is not { } text)
        {
            return null;
        }

        sources.files.Add(new SpecFile(path, text));
        if (NagiosMainFile.IsObjects(text))
        {
            sources.Objects(path, text);
        }
        else
        {
            sources.Main(path, text);
        }

        return new NagiosWritten(sources.settings, sources.objects, sources.files);
    }

    private void Main(string path, string text)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var named = NagiosMainFile.Read(new SpecFile(path, text), settings, problems);
        if (!named.Any(n => n.Part != NagiosPart.Resource))
        {
            problems.Wrong(new SpecPlace(path, 1, 1), NagiosText.NamesNothing, NagiosText.NamesNothingRight);
        }

        // The macros first: their places are known when a command names them.
        foreach (var (part, written, at) in named.OrderByDescending(n => n.Part == NagiosPart.Resource))
        {
            var full = Path.Combine(folder, written);
            if (part == NagiosPart.Folder)
            {
                Folder(full, at, 0);
            }
            else if (part == NagiosPart.Objects)
            {
                File(full, at);
            }
            else if (Text(full, at) is { } resource)
            {
                NagiosMainFile.ReadResource(new SpecFile(full, resource), settings, problems);
            }
        }
    }

    private void File(string path, SpecPlace at)
    {
        var key = Path.GetFullPath(path);
        if (reading.Contains(key))
        {
            problems.Wrong(at, NagiosText.IncludesItself(path), NagiosText.IncludeOnce);
        }
        else if (!read.Add(key))
        {
            problems.Look(at, NagiosText.ReadBefore(path), NagiosText.IncludeOnce);
        }
        else if (Text(path, at) is { } text)
        {
            reading.Add(key);
            files.Add(new SpecFile(path, text));
            Objects(path, text);
            reading.Remove(key);
        }
    }

    private void Objects(string path, string text)
    {
        var part = NagiosObjectFile.Read(new SpecFile(path, text), problems);
        objects.AddRange(part.Objects);
        foreach (var include in part.Includes)
        {
            if (reading.Count > DeepestFolder)
            {
                problems.Wrong(include.At, NagiosText.TooDeep(DeepestFolder), NagiosText.IncludeOnce);
            }
            else if (include.IsFolder)
            {
                Folder(include.Path, include.At, 0);
            }
            else
            {
                File(include.Path, include.At);
            }
        }
    }

    private void Folder(string path, SpecPlace at, int depth)
    {
        if (depth > DeepestFolder)
        {
            problems.Wrong(at, NagiosText.TooDeep(DeepestFolder), NagiosText.IncludeOnce);
            return;
        }

        try
        {
            var folder = new DirectoryInfo(path);
            foreach (var entry in folder.EnumerateFileSystemInfos().Where(e => !e.Name.StartsWith('.')).OrderBy(e => e.Name, StringComparer.Ordinal).ToList())
            {
                var full = Path.Combine(path, entry.Name);
                if (Directory.Exists(full))
                {
                    Folder(full, at, depth + 1);
                }
                else if (entry.Name.Length > 4 && entry.Name.EndsWith(".cfg", StringComparison.Ordinal))
                {
                    File(full, at);
                }
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Wrong(at, NagiosText.Unreadable(path), Basics.Text.Same(Shown.Tame(refused.Message, 300)));
        }
    }

    private string? Text(string path, SpecPlace at)
    {
        try
        {
            if (!System.IO.File.Exists(path))
            {
                problems.Wrong(at, NagiosText.NoFile(path), NagiosText.NoFileRight);
                return null;
            }

            var bytes = SpecSources.Read(path, LargestFile);
            sum += bytes?.Length ?? 0;
            if (bytes is null || sum > LargestSum)
            {
                problems.Wrong(at, bytes is null ? NagiosText.TooBig(path, LargestFile / 1024 / 1024) : NagiosText.TooMuch(LargestSum / 1024 / 1024), NagiosText.NoConfiguration);
                return null;
            }

            if (bytes.AsSpan().Contains((byte)0))
            {
                problems.Wrong(new SpecPlace(path, 1 + bytes.AsSpan(0, bytes.AsSpan().IndexOf((byte)0)).Count((byte)'\n'), 1), NagiosText.Binary, NagiosText.NoConfiguration);
                return null;
            }

            return Decode(path, bytes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Wrong(at, NagiosText.Unreadable(path), Basics.Text.Same(Shown.Tame(refused.Message, 300)));
            return null;
        }
    }

    // Nagios takes bytes as they are; old configurations have names and comments in EUC-JP or Shift_JIS.
    private string Decode(string path, byte[] bytes)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\ufeff');
        if (text.Contains('\ufffd', StringComparison.Ordinal))
        {
            var line = 1 + text.AsSpan(0, text.IndexOf('\ufffd', StringComparison.Ordinal)).Count('\n');
            problems.Look(new SpecPlace(path, line, 1), NagiosText.NotUtf8, NagiosText.NotUtf8Right);
        }

        return text;
    }
}
