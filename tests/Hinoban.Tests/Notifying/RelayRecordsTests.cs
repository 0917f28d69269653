using System.Globalization;
using System.Text;
using Hinoban.Notifying;

namespace Hinoban.Tests.Notifying;

/// <summary>What a Postfix log proves, and what it does not.</summary>
public sealed class RelayRecordsTests : IDisposable
{
    private const string Sender = "smpl-mon-bounces+17@mail.example";
    private const string Id = "<sample-trading.12.3.alert.1@mail.example>";
    private static readonly DateTimeOffset Attempt = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-relay-").FullName;

    private string LogFile => Path.Combine(folder, "mail.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(30, "-60 anvil,0 clean A,0 queue A 17,20 connect", "Accepted A")]
    [InlineData(2, "-60 anvil,0 clean A,0 queue A 17", "Accepted A")]
    [InlineData(30, "-60 anvil,20 connect", "Absent")]
    [InlineData(2, "-60 anvil,1 connect", "TooEarly")]
    [InlineData(30, "-60 anvil,0 clean B,0 queue B 16,20 connect", "Absent")]
    [InlineData(30, "-60 anvil,0 clean B,20 connect", "CannotTell")]
    [InlineData(30, "20 connect", "CannotTell")]
    [InlineData(30, "-60 anvil", "CannotTell")]
    [InlineData(30, "", "CannotTell")]
    [InlineData(30, "-60 anvil,-50 clean A,-50 queue A 17,20 connect", "Absent")]
    [InlineData(30, "-60 anvil,0 other A,0 queue A 17,20 connect", "Absent")]
    [InlineData(10, "-60 anvil,5 connect", "Absent")]
    [InlineData(-9, "-60 anvil,0 connect", "TooEarly")] // the clock was set back since, by a little
    [InlineData(-10, "-60 anvil,-10 connect", "CannotTell")]
    [InlineData(-3600, "-7200 anvil,0 connect,-3600 connect", "CannotTell")] // an hour: never too early, and no proof of an absence
    [InlineData(-3600, "-7200 anvil,0 clean A,0 queue A 17,-3600 connect", "Accepted A")] // written before the step
    [InlineData(-3600, "-7200 anvil,-3600 clean A,-3600 queue A 17,-3600 connect", "Accepted A")] // the step came between the mark and the dot
    [InlineData(-172800, "-180000 anvil,0 clean A,0 queue A 17,-172800 connect", "Accepted A")]
    [InlineData(30, "-60 anvil,0 reject,20 connect", "Absent")]
    public void The_log_proves(int secondsLater, string lines, string expected)
    {
        File.WriteAllLines(LogFile, Lines(lines, Stamp));
        Assert.Equal(expected, Told(LogFile, secondsLater));
        File.WriteAllLines(LogFile, Lines(lines, Iso));
        Assert.Equal(expected, Told(LogFile, secondsLater));
    }

    [Fact]
    public void A_rotated_log_is_read_too()
    {
        File.WriteAllLines(LogFile + ".1", Lines("-60 anvil,0 clean A,0 queue A 17", Stamp));
        File.WriteAllLines(LogFile, Lines("10 anvil,20 connect", Stamp));
        Assert.Equal("Accepted A", Told(LogFile, 30));

        File.WriteAllLines(LogFile + ".1", Lines("-60 anvil", Stamp));
        Assert.Equal("Absent", Told(LogFile, 30));
    }

    [Fact]
    public void A_long_log_is_read_from_its_end()
    {
        var noise = Enumerable.Range(0, 40_000).Select(n => $"{Stamp(Attempt.AddSeconds(-50_000 + n))} mx postfix/smtpd[1]: connect from localhost[127.0.0.1]");
        File.WriteAllLines(LogFile, [.. noise, .. Lines("-60 anvil,0 clean A,0 queue A 17,20 connect", Stamp)]);
        Assert.Equal("Accepted A", Told(LogFile, 30));
    }

    /// <summary>A relay on another machine has another clock; the rest of a line in front of the block, a mere time of day, is no line of later.</summary>
    [Fact]
    public void What_is_left_of_a_line_tells_no_time()
    {
        const int block = 1 << 18;
        var whole = $"{Iso(Attempt.AddHours(-1))} mx postfix/smtpd[1]: connect from localhost[127.0.0.1]";
        var seen = block - (whole.Length - "2026-04-14T".Length) - 1;
        var after = new StringBuilder();
        while (after.Length < seen - (2 * whole.Length))
        {
            after.Append(whole).Append('\n');
        }

        // So long that the block begins within the first line, behind its day.
        after.Append(whole.PadRight(seen - after.Length - 1)).Append('\n');
        File.WriteAllText(LogFile, $"{whole}\n{after}");
        Assert.Equal("CannotTell", Told(LogFile, 30));
    }

    [Fact]
    public void Without_a_log_nothing_can_be_told()
    {
        Assert.Equal(RelayKnows.CannotTell, new RelayRecords(null).LookUp(Sender, Id, Attempt, Attempt.AddMinutes(1)).Knows);
        Assert.Equal("CannotTell", Told(Path.Combine(folder, "none"), 30));
        Assert.Equal("CannotTell", Told(folder, 30));
    }

    [Fact]
    public void A_log_of_last_december_is_not_of_next_december()
    {
        var newYear = new DateTimeOffset(2027, 1, 1, 0, 0, 5, TimeSpan.Zero);
        File.WriteAllLines(LogFile, [
            $"{Stamp(newYear.AddSeconds(-90))} mx postfix/anvil[1]: x", $"{Stamp(newYear.AddSeconds(-20))} mx postfix/cleanup[1]: A: message-id={Id}",
            $"{Stamp(newYear.AddSeconds(-20))} mx postfix/qmgr[1]: A: from=<{Sender}>, size=1, nrcpt=1 (queue active)"]);
        Assert.Equal(RelayKnows.Accepted, new RelayRecords(LogFile).LookUp(Sender, Id, newYear.AddSeconds(-20), newYear).Knows);
    }

    private static string Told(string file, int secondsLater)
    {
        var answer = new RelayRecords(file).LookUp(Sender, Id, Attempt, Attempt.AddSeconds(secondsLater));
        return $"{answer.Knows} {answer.QueueId}".TrimEnd();
    }

    private static IEnumerable<string> Lines(string lines, Func<DateTimeOffset, string> stamp) =>
        from line in lines.Split(',', StringSplitOptions.RemoveEmptyEntries)
        let words = line.Split(' ')
        let at = stamp(Attempt.AddSeconds(int.Parse(words[0], CultureInfo.InvariantCulture)))
        select $"{at} mx " + words[1] switch
        {
            "anvil" => "postfix/anvil[9]: statistics: max connection rate 1/60s",
            "connect" => "postfix/smtpd[8]: connect from localhost[127.0.0.1]",
            "clean" => $"postfix/cleanup[7]: {words[2]}: message-id={Id}",
            "other" => $"postfix/cleanup[7]: {words[2]}: message-id=<another@mail.example>",
            "reject" => $"postfix/smtpd[8]: NOQUEUE: reject: RCPT from localhost[127.0.0.1]: 450; from=<{Sender}> to=<a@example.test>",
            _ => $"postfix/qmgr[6]: {words[2]}: from=<smpl-mon-bounces+{words[3]}@mail.example>, size=900, nrcpt=1 (queue active)",
        };

    private static string Stamp(DateTimeOffset at) => at.ToLocalTime().ToString("MMM ", CultureInfo.InvariantCulture) + at.ToLocalTime().Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + at.ToLocalTime().ToString(" HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
