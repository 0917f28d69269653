using Hinoban.Server;

namespace Hinoban.Tests.Server;

/// <summary>Help speaks one language, headings included.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("up --help")]
    [InlineData("account add --help")]
    [InlineData("spec check -h")]
    public async Task Japanese_help_has_no_English_headings(string arguments)
    {
        var (exit, page) = await HelpAsync("ja_JP.UTF-8", arguments);
        Assert.Equal(0, exit);
        Assert.All(["説明:", "使い方:", "オプション:", "使い方を表示します"], word => Assert.Contains(word, page, StringComparison.Ordinal));
        Assert.All(["Description", "Usage", "Options", "Commands", "[options]", "(REQUIRED)", "Show help"], word => Assert.DoesNotContain(word, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("upp", "コマンドまたは引数 'upp' はありません。")]
    [InlineData("spec", "コマンドを指定してください。")]
    [InlineData("spec check", "コマンド 'check' の引数 PATH がありません。")]
    [InlineData("site key", "オプション '--name' は必須です。")]
    [InlineData("up --data", "オプション '--data' の値がありません。")]
    public async Task Wrong_usage_is_told_in_the_readers_language(string arguments, string said)
    {
        using var errors = new StringWriter();
        var around = new Surroundings(
            new Dictionary<string, string> { ["HINOBAN_LANGUAGE"] = "ja" }, Path.GetTempPath(), TextReader.Null, TextWriter.Null, errors, TimeProvider.System);
        Assert.Equal(64, await CommandTree.RunAsync(arguments.Split(' '), around));
        Assert.Contains(said, errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotMatch("[a-z]{3,} [a-z]{3,} [a-z]{3,}", errors.ToString());
    }

    [Fact]
    public async Task English_help_stays_English()
    {
        var (_, page) = await HelpAsync("C", "--help");
        Assert.Contains("Usage:\n  hinoban [command]", page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Page)> HelpAsync(string language, string arguments)
    {
        using var output = new StringWriter();
        var around = new Surroundings(
            new Dictionary<string, string> { ["LANG"] = language }, Path.GetTempPath(), TextReader.Null, output, TextWriter.Null, TimeProvider.System);
        var exit = await CommandTree.RunAsync(arguments.Split(' '), around);
        return (exit, output.ToString());
    }
}
