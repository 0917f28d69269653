namespace Hinoban.Specs.Nagios;

/// <summary>What an object file includes (<c>include_file=</c>, <c>include_dir=</c>), with its place.</summary>
internal readonly record struct NagiosInclude(string Path, bool IsFolder, SpecPlace At);

/// <summary>One object file's text → its definitions, as written. Every mistake with its line; a broken line hides no other.</summary>
internal sealed class NagiosObjectFile
{
    private static readonly string[] PeriodKeys = ["timeperiod_name", "alias", "exclude", "use", "name", "register"];

    private readonly string file;
    private readonly NagiosProblems problems;
    private readonly Dictionary<string, string> pool = [];
    private NagiosObject? open;
    private bool skips;

    private NagiosObjectFile(string file, NagiosProblems problems) => (this.file, this.problems) = (file, problems);

    internal List<NagiosObject> Objects { get; } = [];

    internal List<NagiosInclude> Includes { get; } = [];

    internal static NagiosObjectFile Read(SpecFile source, NagiosProblems problems)
    {
        var reading = new NagiosObjectFile(source.Name, problems);
        var last = 1;
        foreach (var (number, text, tooLong) in NagiosLines.Of(source.Text))
        {
            last = number;
            var at = new SpecPlace(source.Name, number, 1);
            if (tooLong)
            {
                problems.Wrong(at, NagiosText.LongLine(NagiosLines.Longest), NagiosText.LongLineRight);
            }
            else if (NagiosLines.WithoutComment(text) is { Length: > 0 } line && line[0] != '#')
            {
                reading.Line(line, at);
            }
        }

        if (reading.open is not null || reading.skips)
        {
            problems.Wrong(new SpecPlace(source.Name, last, 1), NagiosText.NotClosed(reading.open?.At.Line ?? last), NagiosText.CloseIt);
        }

        return reading;
    }

    private void Line(string line, SpecPlace at)
    {
        if (line.StartsWith("define", StringComparison.Ordinal) && line.Length > 6 && line[6] is ' ' or '\t' or '{')
        {
            Begin(line, at);
        }
        else if (open is not null || skips)
        {
            if (line == "}")
            {
                (open, skips) = (null, false);
            }
            else if (open is not null)
            {
                Directive(open, line, at);
            }
        }
        else if (line.StartsWith("include_file=", StringComparison.Ordinal) || line.StartsWith("include_dir=", StringComparison.Ordinal))
        {
            Includes.Add(new NagiosInclude(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim(), line[8] == 'd', at));
        }
        else
        {
            problems.Wrong(at, NagiosText.Stray(line), NagiosText.StrayRight);
        }
    }

    private void Begin(string line, SpecPlace at)
    {
        if (open is not null || skips)
        {
            problems.Wrong(at, NagiosText.NotClosed(open?.At.Line ?? at.Line), NagiosText.CloseIt);
        }

        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var type = (brace < 0 ? line[6..] : line[6..brace]).Trim(' ', '\t');
        if (brace < 0 || line[(brace + 1)..].Trim().Length > 0)
        {
            problems.Wrong(at, NagiosText.Brace, NagiosText.BraceRight);
        }

        type = type == "hostgroupescalation" ? "hostescalation" : type;
        skips = Array.IndexOf(NagiosWords.Types, type) < 0;
        open = skips ? null : new NagiosObject(type, at);
        if (open is not null)
        {
            Objects.Add(open);
        }
        else
        {
            problems.Wrong(at, NagiosText.NoType(type), Suggest.Or(type, NagiosWords.Types));
        }
    }

    private void Directive(NagiosObject to, string line, SpecPlace at)
    {
        var blank = line.AsSpan().IndexOfAny(' ', '\t');
        var word = Pooled(blank < 0 ? line : line[..blank]);
        if (to.Type == "timeperiod" && Array.IndexOf(PeriodKeys, word) < 0)
        {
            to.Lines.Add(new NagiosField(line, at));
            return;
        }

        var key = NagiosWords.KeyOf(to.Type, word);
        var value = Pooled(blank < 0 ? "" : line[blank..].Trim(' ', '\t'));
        to.Say(key, new NagiosField(value == "null" && key is not ("name" or "use") ? null : value, at));
    }

    /// <summary>Keys and short values repeat by the ten thousand.</summary>
    private string Pooled(string text)
    {
        if (text.Length > 32)
        {
            return text;
        }

        if (!pool.TryGetValue(text, out var kept))
        {
            pool[text] = kept = text;
        }

        return kept;
    }
}
