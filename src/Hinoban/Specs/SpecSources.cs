using System.Buffers;
using System.Text;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Specs;

/// <summary>Files that stand together in one folder; they may be one customer's parts, or a customer each.</summary>
internal sealed record SpecFolder(string Name, IReadOnlyList<SpecFile> Files);

/// <summary>Finds and reads specification files: strict UTF-8, of bearable size; what cannot be read is a problem.</summary>
internal static class SpecSources
{
    /// <summary>About six times the specification of 60,000 services.</summary>
    internal const long LargestFile = 32 * 1024 * 1024;

    private const int DeepestFolder = 8;

    private static readonly SearchValues<char> Hidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0xffff + 1).Select(c => (char)c).Where(c => c is not ('\t' or '\n') && (char.IsControl(c) || IsTurning(c) || c >= 0xfffe || c == '\ufeff'))]);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static IReadOnlyList<SpecFolder> Find(IReadOnlyList<string> paths, SpecProblems problems)
    {
        var folders = new List<SpecFolder>();
        var seen = new HashSet<string>();
        if (paths.Count == 0)
        {
            problems.Wrong(new SpecPlace("(no path)", 1, 1), SpecText.NoPath, SpecText.NoPathRight);
        }

        foreach (var path in paths)
        {
            var before = problems.Count;
            if (Directory.Exists(path))
            {
                var found = Below(path, problems, seen, []);
                folders.AddRange(found);
                if (found.Count == 0 && problems.Count == before)
                {
                    problems.Wrong(new SpecPlace(path, 1, 1), SpecText.NoneInFolder, SpecText.NoneInFolderRight);
                }
            }
            else if (File.Exists(path) || FileMark.Of(path) is not null)
            {
                folders.Add(new SpecFolder(path, [.. One(path, problems, seen)]));
            }
            else
            {
                problems.Wrong(new SpecPlace(path, 1, 1), SpecText.NoSuchPath, SpecText.NoSuchPathRight);
            }
        }

        return folders;
    }

    /// <summary>What the watcher looks at, without reading it: every file that <see cref="Find"/> would read.</summary>
    internal static IEnumerable<FileInfo> Files(IReadOnlyList<string> paths) =>
        paths.SelectMany(path => File.Exists(path) ? [new FileInfo(path)] : Directory.Exists(path) ? FilesBelow(new DirectoryInfo(path), []) : []);

    /// <param name="above">The folders that this one stands in, by what they are: a link that leads back up would be followed for ever.</param>
    private static List<SpecFolder> Below(string folder, SpecProblems problems, HashSet<string> seen, IReadOnlyList<FolderId> above)
    {
        var found = new List<SpecFolder>();
        try
        {
            var own = FolderId.Of(folder);
            if (above.Contains(own))
            {
                problems.Wrong(new SpecPlace(folder, 1, 1), SpecText.LinkLoop, SpecText.LinkLoopRight);
                return found;
            }

            var files = Yaml(new DirectoryInfo(folder)).SelectMany(f => One(Path.Combine(folder, f.Name), problems, seen)).ToList();
            if (files.Count > 0)
            {
                found.Add(new SpecFolder(folder, files));
            }

            if (above.Count < DeepestFolder)
            {
                found.AddRange(Folders(new DirectoryInfo(folder)).SelectMany(d => Below(Path.Combine(folder, d.Name), problems, seen, [.. above, own])));
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Wrong(new SpecPlace(folder, 1, 1), SpecText.FolderUnreadable, Basics.Text.Same(refused.Message));
        }

        return found;
    }

    private static IEnumerable<FileInfo> FilesBelow(DirectoryInfo folder, IReadOnlyList<FolderId> above)
    {
        var own = FolderId.Of(folder.FullName);
        return above.Contains(own) ? []
            : above.Count < DeepestFolder ? Yaml(folder).Concat(Folders(folder).SelectMany(d => FilesBelow(d, [.. above, own])))
            : Yaml(folder);
    }

    /// <summary>Editors leave hidden and backup files beside the real ones.</summary>
    private static IEnumerable<FileInfo> Yaml(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(f => !f.Name.StartsWith('.') && (f.Extension is ".yaml" or ".yml"))
        .OrderBy(f => f.Name, StringComparer.Ordinal);

    private static IEnumerable<DirectoryInfo> Folders(DirectoryInfo folder) => folder.EnumerateDirectories()
        .Where(d => !d.Name.StartsWith('.'))
        .OrderBy(d => d.Name, StringComparer.Ordinal);

    private static IEnumerable<SpecFile> One(string path, SpecProblems problems, HashSet<string> seen)
    {
        // Two names for one file are one file: read twice, everything in it would be there twice.
        if (seen.Add(FileMark.Of(path) is { Sort: FileSort.Plain } mark ? $"{mark.Device}:{mark.Number}" : Path.GetFullPath(path)) && Text(path, problems) is { } text)
        {
            yield return new SpecFile(path, text);
        }
    }

    private static string? Text(string path, SpecProblems problems)
    {
        var top = new SpecPlace(path, 1, 1);
        try
        {
            if (FileMark.Of(path) is { Sort: not FileSort.Plain })
            {
                problems.Wrong(top, SpecText.NoRegularFile, SpecText.NameRegularFile);
                return null;
            }

            var bytes = Read(path, LargestFile);
            if (bytes is null or [])
            {
                problems.Wrong(
                    top,
                    bytes is null ? SpecText.TooBig(LargestFile / 1024 / 1024) : SpecText.FileEmpty,
                    bytes is null ? SpecText.Biggest(LargestFile / 1024 / 1024) : SpecText.Begin);
                return null;
            }

            return Decode(path, bytes, problems);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Wrong(top, SpecText.FileUnreadable, Basics.Text.Same(refused.Message));
            return null;
        }
    }

    /// <summary>
    /// The file's content: null if it is longer than <paramref name="most"/>, nothing of a pipe or a device, where a link may lead and whose
    /// opening or reading could go on for ever. Never reads more than that, whatever length the file system told.
    /// </summary>
    internal static byte[]? Read(string path, long most)
    {
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        if (file.Length is 0 || file.Length > most)
        {
            return file.Length == 0 ? [] : null; // zero also for whatever is no regular file
        }

        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var content = new byte[file.Length + 1];
        for (var length = 0; ;)
        {
            var read = stream.Read(content, length, content.Length - length);
            length += read;
            if (read == 0)
            {
                return content[..length];
            }

            if (length > most)
            {
                return null;
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, (int)Math.Min(2L * length, most + 1)); // it has grown meanwhile
            }
        }
    }

    internal static string? Decode(string path, byte[] bytes, SpecProblems problems)
    {
        var start = bytes is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
        try
        {
            return Strict.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException broken)
        {
            var before = Encoding.UTF8.GetString(bytes, start, Math.Max(0, broken.Index));
            problems.Wrong(PlaceAfter(path, before), SpecText.NotUtf8, SpecText.SaveAsUtf8);
            return null;
        }
    }

    /// <summary>Such characters hide text, or its order, from whoever reads and signs the file; the YAML library lets them pass, or takes them for line ends.</summary>
    internal static bool HasControls(SpecFile file, SpecProblems problems)
    {
        var text = file.Text.AsSpan();
        var from = 0;
        while (text[from..].IndexOfAny(Hidden) is var next and >= 0)
        {
            var at = from + next;
            var harmless = text[at] switch
            {
                '\r' => at + 1 < text.Length && text[at + 1] == '\n',
                '\ufeff' => at == 0,
                _ => false,
            };
            if (!harmless)
            {
                problems.Wrong(
                    PlaceAfter(file.Name, file.Text[..at]),
                    SpecText.Control(text[at]),
                    text[at] == '\r' ? SpecText.LineEnds : SpecText.TakeItOut);
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    /// <summary>A folder by what it is, or by its path where the system does not tell more.</summary>
    private readonly record struct FolderId(FileMark? Mark, string Path)
    {
        internal static FolderId Of(string folder) => FileMark.Of(folder) is { } mark ? new FolderId(mark, "") : new FolderId(null, System.IO.Path.GetFullPath(folder));
    }

    private static bool IsTurning(char c) => c is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static SpecPlace PlaceAfter(string path, string before) =>
        new(path, before.Count(c => c == '\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1);
}
