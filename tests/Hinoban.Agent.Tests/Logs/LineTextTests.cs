using System.Text;
using Hinoban.Agent.Logs;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>A log's bytes as characters, whatever is broken in them.</summary>
public sealed class LineTextTests
{
    [Theory]
    [InlineData("euc-jp")]
    [InlineData("shift_jis")]
    public void Each_line_reads_as_it_does_alone(string name)
    {
        var (dice, bytes) = (new Random(7), new byte[20_000]);
        dice.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i += 1 + dice.Next(9))
        {
            bytes[i] = (byte)'\n';
        }

        var text = new LineText();
        text.Load(bytes, name == "euc-jp" ? LogEncoding.EucJp : LogEncoding.ShiftJis);
        var alone = CodePagesEncodingProvider.Instance.GetEncoding(name)!;
        var lines = new List<string>();
        foreach (var line in bytes.AsSpan().Split((byte)'\n'))
        {
            lines.Add(alone.GetString(bytes[line]));
        }

        Assert.Equal(string.Join('\n', lines), text.Chars.ToString());
    }
}
