using System.Globalization;
using System.Text;
using System.Text.Json;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>
/// Real mails against what two programs that are not ours say of them. They are others' and lie outside the repository: HINOBAN_REAL_MAILS names their
/// folder (files by kind in folders, truth.json beside them).
/// </summary>
public sealed class RealMailTests(ITestOutputHelper output)
{
    [Fact]
    public void Real_mails_are_read_as_others_read_them()
    {
        var folder = Environment.GetEnvironmentVariable("HINOBAN_REAL_MAILS");
        Assert.SkipWhen(folder is null, "HINOBAN_REAL_MAILS is not set: own samples only");
        using var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder!, "truth.json")));
        var table = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var score = new Score();
        foreach (var mail in truth.RootElement.EnumerateObject())
        {
            var read = MimeReader.Read(File.ReadAllBytes(Path.Combine(folder!, mail.Name)));
            var kind = AutomaticRules.KindOf(read, read.Fields["Return-Path"]?.Trim() == "<>" ? "" : "somebody@example.net", "hinoban.example.jp");
            var row = $"{mail.Name.Split('/')[0],-14} {kind}";
            table[row] = table.GetValueOrDefault(row) + 1;
            score.Compare(mail.Name, mail.Value, read);
        }

        var figures = string.Join('\n', table.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value}"))) + "\n" + score;
        output.WriteLine(figures);
        Assert.True(score.Share("dsn") >= 0.95, figures);
        Assert.True(score.Share("subject") >= 0.95, figures);
        Assert.True(score.Share("from") >= 0.95, figures);
        Assert.True(score.Share("hard") >= 0.9, figures);
    }

    private sealed class Score
    {
        // Codes that sisimai itself gives where the mail has none.
        private static readonly System.Text.RegularExpressions.Regex Own = new(@"^[45]\.0\.9\d\d$");

        private readonly SortedDictionary<string, (int Right, int All)> counts = new(StringComparer.Ordinal);
        private readonly StringBuilder differences = new();

        internal double Share(string what) => counts[what].Right / (double)counts[what].All;

        internal void Compare(string name, JsonElement truth, MimePart read)
        {
            var dsn = DsnReader.Read(read, name.StartsWith("bounces/", StringComparison.Ordinal) || read.Fields["Return-Path"]?.Trim() == "<>" ? "" : "somebody@example.net");
            if (name.StartsWith("bounces/", StringComparison.Ordinal) && !name.Contains("arf", StringComparison.Ordinal))
            {
                Count("dsn", name, dsn is not null, true);
            }
            else
            {
                Count("no dsn", name, dsn is not null, false);
            }

            foreach (var expected in Of(truth, "sisimai") is { ValueKind: JsonValueKind.Array } cases ? cases.EnumerateArray().Take(1) : [])
            {
                if (dsn is not null && expected.GetProperty("status").GetString() is { Length: > 0 } status && !Own.IsMatch(status))
                {
                    Count("status class", name, dsn.Status.Length > 0 ? dsn.Status[0] : '-', status[0]);
                    Count("status", name, dsn.Status, status);
                }

                if (dsn is not null)
                {
                    Count("hard", name, dsn.Permanent, expected.GetProperty("status").GetString() is not { Length: > 0 } s || s[0] != '4');
                }
            }

            if (Word(truth, "subject") is { } subject)
            {
                Count("subject", name, Squeezed(read.Fields.Text("Subject")), Squeezed(subject));
            }

            if (Of(truth, "from_") is { ValueKind: JsonValueKind.Array } from && from.GetArrayLength() > 0)
            {
                Count("from", name, MailAddresses.Read(read.Fields["From"]).FirstOrDefault()?.Address ?? "", from[0].GetString());
            }

            if (Of(truth, "parts") is { ValueKind: JsonValueKind.Array } parts)
            {
                // Python counts the blocks of a report as parts, in plain text.
                Count(
                    "parts",
                    name,
                    string.Join(' ', read.All.Select(p => p.MediaType).Where(p => p != "text/plain")),
                    string.Join(' ', parts.EnumerateArray().Select(p => p.GetString()).Where(p => p != "text/plain")));
            }

            if (Word(truth, "text") is { Length: > 0 } text)
            {
                var ours = read.All.FirstOrDefault(p => p.MediaType == "text/plain" && p.Body.Length > 0);
                var mine = Squeezed(ours?.Text ?? "");
                var theirs = Squeezed(text);
                Count("text", name, mine.Length > theirs.Length ? mine[..theirs.Length] : mine, theirs);
            }
        }

        private static JsonElement Of(JsonElement truth, string name) => truth.TryGetProperty(name, out var value) ? value : default;

        private static string? Word(JsonElement truth, string name) => Of(truth, name) is { ValueKind: JsonValueKind.String } word ? word.GetString() : null;

        private void Count<T>(string what, string name, T ours, T theirs)
        {
            var (right, all) = counts.GetValueOrDefault(what);
            var same = EqualityComparer<T>.Default.Equals(ours, theirs);
            counts[what] = (right + (same ? 1 : 0), all + 1);
            if (!same)
            {
                differences.Append(CultureInfo.InvariantCulture, $"{what} {name}: {Short(ours)} | {Short(theirs)}\n");
            }
        }

        private static string Short<T>(T value) => $"{value}" is { Length: > 160 } text ? text[..160] : $"{value}";

        private static string Squeezed(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));

        public override string ToString() => string.Join('\n', counts.Select(c => $"{c.Key}: {c.Value.Right}/{c.Value.All}")) + "\n" + differences;
    }
}
