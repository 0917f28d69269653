using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Files that are broken, hostile or too much: located problems, soon, and nothing else.</summary>
public sealed class HostileSpecTests
{
    [Theory]
    [InlineData("hosts:\n\tweb01: {}", 6, 1, "a tab in the indentation")]
    [InlineData("hosts: { a: { address: a.jp }", 0, 0, "not valid YAML")]
    [InlineData("name: \"never closed", 0, 0, "not valid YAML")]
    [InlineData("name: @home", 5, 7, "not valid YAML")]
    [InlineData("hosts:\n  a:\n address: x", 0, 0, "not valid YAML")]
    [InlineData("name: a: b", 0, 0, "not valid YAML")]
    [InlineData("hosts:\n  \tweb01: { address: a.jp }", 6, 3, "a tab in the indentation")]
    [InlineData("hosts:\n  a:\n    address: x\n\tb: y", 8, 1, "a tab in the indentation")]
    [InlineData("name: it's: 'x", 5, 11, "not valid YAML: While scanning a plain scalar value, found invalid mapping")]
    [InlineData("name: *nobody", 5, 7, "there is no anchor `&nobody` above")]
    [InlineData("hosts: &h { a: *h }", 5, 16, "the alias `*h` stands inside what it names")]
    public void Broken_yaml_is_one_located_problem(string text, int line, int column, string wrong)
    {
        var problem = Assert.Single(SpecReader.ReadText("s.yaml", SpecSamples.Head + text + "\n").Problems, p => p.Level == ProblemLevel.Error);
        Assert.StartsWith(wrong, problem.Wrong, StringComparison.Ordinal);
        Assert.InRange(problem.Line, line == 0 ? 5 : line, line == 0 ? 9 : line);
        if (column > 0)
        {
            Assert.Equal(column, problem.Column);
        }
    }

    [Fact]
    public void A_broken_file_hides_no_other_files_problems()
    {
        using var folder = new SpecFolderOnDisk();
        folder.Write("a.yaml", "customer: a\nmailing_list: { address: a@lists.jp, members: [{ desk: true }]\nhosts: {}\n");
        folder.Write("b.yaml", SpecSamples.Head + "hosts: { web01: { address: nowhere at all } }\n");
        folder.Write("sub/c.yml", "customer: c\nlanguage: fr\n");
        var files = SpecReader.Read(folder.Path).Problems.Where(p => p.Level == ProblemLevel.Error).Select(p => Path.GetFileName(p.File)).Distinct();
        Assert.Equal(["a.yaml", "b.yaml", "c.yml"], files.Order());
    }

    [Fact]
    public void A_customer_may_be_a_folder_of_files()
    {
        using var folder = new SpecFolderOnDisk();
        folder.Write("acme/customer.yaml", SpecSamples.Head + "hosts: { a: { address: a.jp, use: web } }\n");
        folder.Write("acme/hosts.yaml", "hosts: { b: { address: b.jp, use: web } }\n");
        folder.Write("acme/templates.yaml", "templates: { web: { checks: { http: {} } } }\n");
        folder.Write("other.yaml", SpecSamples.Head.Replace("acme", "other", StringComparison.Ordinal));
        folder.Write(".hidden.yaml", "nonsense");
        folder.Write("notes.txt", "nonsense");
        var reading = SpecReader.Read(folder.Path);
        Assert.False(reading.HasErrors);
        Assert.Equal(["other", "acme"], reading.Customers.Select(c => c.Id.Value));
        Assert.Equal(["a", "b"], reading.Customers[1].Hosts.Select(h => h.Key));
        Assert.Equal(3, reading.Customers[1].Sources.Count);

        folder.Write("acme/more.yaml", "hosts: { a: { address: c.jp } }\nlanguage: en\ncustomer_name: x\n");
        var doubled = SpecReader.Read(folder.Path).Problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        Assert.Equal([(1, 10), (3, 1)], doubled.Select(p => (p.Line, p.Column)));
        Assert.All(doubled, p => Assert.EndsWith("more.yaml", p.File, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_customer_twice_is_an_error_and_the_same_list_a_note()
    {
        using var folder = new SpecFolderOnDisk();
        folder.Write("a.yaml", SpecSamples.Head);
        folder.Write("b.yaml", SpecSamples.Head);
        folder.Write("c.yaml", SpecSamples.Head.Replace("customer: acme", "customer: shared", StringComparison.Ordinal));
        var problems = SpecReader.Read(folder.Path).Problems;
        Assert.Contains(problems, p => p.Level == ProblemLevel.Error && p.Line == 1 && p.Column == 11 && p.Wrong.StartsWith("customer `acme` is already in", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Level == ProblemLevel.Note && p.Wrong == "the mailing list is also that of customer `acme`");
    }

    [Theory]
    [InlineData("nowhere.yaml", "there is no such file or folder")]
    [InlineData("", "there is no specification in this folder")]
    public void What_is_not_there_is_said(string name, string wrong)
    {
        using var folder = new SpecFolderOnDisk();
        Assert.Equal(wrong, Assert.Single(SpecReader.Read(Path.Combine(folder.Path, name)).Problems).Wrong);
        Assert.Single(SpecReader.Read([], SpecOptions.AnySite).Problems);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_located()
    {
        using var folder = new SpecFolderOnDisk();
        var path = folder.Write("s.yaml", "");
        Assert.Equal("the file is empty, or is no regular file", Assert.Single(SpecReader.Read(path).Problems).Wrong);

        File.WriteAllBytes(path, [.. "customer: acme\nname: 山"u8, 0xff, 0xfe, .. "\n"u8]);
        var invalid = Assert.Single(SpecReader.Read(path).Problems);
        Assert.Equal(("not UTF-8", 2, 8), (invalid.Wrong, invalid.Line, invalid.Column));

        File.WriteAllBytes(path, Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(SpecSamples.Head)).ToArray());
        Assert.Equal("not UTF-8", Assert.Single(SpecReader.Read(path).Problems).Wrong);

        File.WriteAllText(path, SpecSamples.Head + "name: a\u0007b\n");
        var bell = Assert.Single(SpecReader.Read(path).Problems);
        Assert.Equal(("the control character U+0007", 5, 8), (bell.Wrong, bell.Line, bell.Column));

        File.WriteAllText(path, SpecSamples.Head + "# approved \u202e}devorppa ton {\n");
        Assert.Equal("the control character U+202E", Assert.Single(SpecReader.Read(path).Problems).Wrong);

        File.WriteAllText(path, SpecSamples.Head.ReplaceLineEndings("\r\n"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.False(SpecReader.Read(path).HasErrors);
    }

    [Fact]
    public void A_file_of_any_size_is_refused_before_it_is_read()
    {
        using var folder = new SpecFolderOnDisk();
        var path = folder.Write("s.yaml", "");
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(SpecSources.LargestFile + 1);
        }

        Assert.Equal("the file has more than 32 MB", Assert.Single(SpecReader.Read(path).Problems).Wrong);
    }

    [Fact]
    public async Task A_link_to_what_never_ends_is_refused_and_not_read()
    {
        using var folder = new SpecFolderOnDisk();
        var good = folder.Write("good.yaml", SpecSamples.Head);
        foreach (var (name, target) in new[] { ("zero", "/dev/zero"), ("tty", "/dev/tty"), ("here", "here.yaml"), ("lost", "nowhere.yaml"), ("proc", "/proc/kmsg") })
        {
            File.CreateSymbolicLink(Path.Combine(folder.Path, name + ".yaml"), target);
        }

        File.CreateSymbolicLink(Path.Combine(folder.Path, "chain.yaml"), "zero.yaml");
        var read = await Task.Run(() => SpecReader.Read(folder.Path)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["chain.yaml", "here.yaml", "lost.yaml", "proc.yaml", "tty.yaml", "zero.yaml"],
            read.Problems.Where(p => p.Wrong is "the file is empty, or is no regular file" or "the file cannot be read" or "this is no regular file but a pipe, a device or a socket").Select(p => Path.GetFileName(p.File)).Order(StringComparer.Ordinal));
        Assert.Null(SpecSources.Read(good, 3));
        Assert.Equal(File.ReadAllBytes(good), SpecSources.Read(good, SpecSources.LargestFile));
    }

    [Fact]
    public async Task Links_that_lead_back_up_are_named_and_followed_no_further()
    {
        using var folder = new SpecFolderOnDisk();
        folder.Write("sub/deep/a.yaml", SpecSamples.Head);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "sub/deep/up"), "../..");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "sub/deep/here"), ".");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "sub/self"), folder.Path);
        Assert.Single(SpecSources.Files([folder.Path]));
        var read = await Task.Run(() => SpecReader.Read(folder.Path)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["sub/deep/here", "sub/deep/up", "sub/self"],
            read.Problems.Where(p => p.Wrong == "this link leads back to a folder that it stands in").Select(p => Path.GetRelativePath(folder.Path, p.File)).Order(StringComparer.Ordinal));
        Assert.Equal(3, read.Problems.Count(p => p.Level == ProblemLevel.Error));
    }

    [Fact]
    public void A_file_or_folder_of_two_names_is_read_once()
    {
        using var folder = new SpecFolderOnDisk();
        folder.Write("a/a.yaml", SpecSamples.Head);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "a/b.yaml"), "a.yaml");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "c"), "a");
        var read = SpecReader.Read(folder.Path);
        Assert.False(read.HasErrors, string.Join('\n', read.Problems));
        Assert.Single(read.Customers);
    }

    [Fact]
    public void A_folder_with_a_files_name_is_a_folder()
    {
        using var folder = new SpecFolderOnDisk();
        folder.Write("x.yaml/a.yaml", SpecSamples.Head);
        Assert.Single(SpecReader.Read(folder.Path).Customers);
        Assert.Single(SpecReader.Read(Path.Combine(folder.Path, "x.yaml")).Customers);
        Directory.Delete(Path.Combine(folder.Path, "x.yaml"), recursive: true);
        Directory.CreateDirectory(Path.Combine(folder.Path, "x.yaml"));
        Assert.Equal("there is no specification in this folder", Assert.Single(SpecReader.Read(Path.Combine(folder.Path, "x.yaml")).Problems).Wrong);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_is_named_and_nobody_waits_for_it(bool inFolder)
    {
        using var folder = new SpecFolderOnDisk();
        var pipe = Path.Combine(folder.Path, "pipe.yaml");
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var read = await Task.Run(() => SpecReader.Read(inFolder ? folder.Path : pipe)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("this is no regular file but a pipe, a device or a socket", Assert.Single(read.Problems).Wrong);
    }

    [Fact]
    public void Wrong_names_by_the_ten_thousand_take_no_minutes()
    {
        var keys = new StringBuilder(SpecSamples.Head);
        for (var i = 0; i < 50_000; i++)
        {
            keys.Append(CultureInfo.InvariantCulture, $"key{i}: 1\n");
        }

        var hosts = new StringBuilder(SpecSamples.Head + "hosts:\n");
        for (var i = 0; i < 10_000; i++)
        {
            hosts.Append(CultureInfo.InvariantCulture, $"  host{i}:\n    address: 192.0.2.1\n    parents: [hist{i}x]\n");
        }

        foreach (var text in new[] { keys, hosts })
        {
            var started = TimeProvider.System.GetTimestamp();
            using var folder = new SpecFolderOnDisk();
            var read = SpecReader.Read(folder.Write("s.yaml", text.ToString()));
            Assert.Equal(1001, read.Problems.Count(p => p.Level == ProblemLevel.Error));
            Assert.StartsWith("more than 1000 problems", read.Problems[^1].Wrong, StringComparison.Ordinal);
            Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 30);
        }
    }

    [Fact]
    public void Aliases_cannot_explode()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 20; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        Assert.Contains(Within(60, SpecSamples.Head + bomb), p => p.Wrong == "aliases expand to more than 200000 values");
    }

    [Theory]
    [InlineData("[", 2_000_000)]
    [InlineData("{", 500_000)]
    [InlineData("- ", 500_000)]
    [InlineData("? ", 200_000)]
    [InlineData("a: {", 200_000)]
    [InlineData("&a ", 100_000)]
    [InlineData("---\n", 200_000)]
    [InlineData("x\n", 200_000)]
    [InlineData("\"", 500_001)]
    [InlineData("#\n", 1_000_000)]
    [InlineData("k: v\n", 100_000)]
    [InlineData("'a': ", 100_000)]
    [InlineData("!t ", 100_000)]
    [InlineData("%a\n", 100_000)]
    public void Repetition_ends_soon(string piece, int times)
    {
        var problems = Within(60, string.Concat(Enumerable.Repeat(piece, times)));
        Assert.NotEmpty(problems);
        Assert.InRange(problems.Count, 1, SpecProblems.MostPerFile + 1);
        Assert.All(problems, p => Assert.InRange(p.Wrong.Length + p.Right.Length, 1, 2000));
    }

    [Fact]
    public void A_long_chain_of_parents_and_templates_is_no_trouble()
    {
        var text = new StringBuilder(SpecSamples.Head + "hosts:\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append($"  h{i}: {{ address: 10.0.0.1, parents: h{(i + 1) % 20_000} }}\n");
        }

        var circle = Assert.Single(Within(60, text.ToString()));
        Assert.Equal((6, 37), (circle.Line, circle.Column));
        Assert.InRange(circle.Wrong.Length, 1, 400);
    }

    [Fact]
    public void Templates_used_through_thousands_of_others_are_refused()
    {
        var text = new StringBuilder(SpecSamples.Head + "templates:\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append($"  t{i}: {{ use: t{i + 1} }}\n");
        }

        text.Append("  t20000: { checks: { http: {} } }\nhosts: { a: { address: 10.0.0.1, use: t0 } }\n");
        var problems = Within(60, text.ToString());
        Assert.Contains(problems, p => p.Wrong == "template `t17` is used through more than 16 others");
        Assert.InRange(problems.Count, 1, SpecProblems.MostPerFile + 1);
    }

    [Fact]
    public void Templates_that_double_at_each_level_do_not_double_the_work()
    {
        var text = new StringBuilder(SpecSamples.Head + "templates:\n");
        for (var i = 0; i < 16; i++)
        {
            text.Append($"  t{i}: {{ use: [t{i + 1}, u{i + 1}] }}\n  u{i}: {{ use: [t{i + 1}, u{i + 1}], checks: {{ http: {{ interval: {i + 1}m }} }} }}\n");
        }

        text.Append("  t16: { checks: { http: { interval: 20m } } }\n  u16: { checks: { http: { interval: 30m } } }\nhosts: { a: { address: 10.0.0.1, use: t0 } }\n");
        var read = SpecReader.ReadText("s.yaml", text.ToString());
        Assert.DoesNotContain(read.Problems, p => p.Level == ProblemLevel.Error);
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.Single(read.Customers.Single().Hosts.Single().All, c => c.Key == "http").Interval);
    }

    [Fact]
    public void Hostile_words_are_shown_tame()
    {
        var problem = Assert.Single(SpecReader.ReadText("s.yaml", SpecSamples.Head + "\"\\e[2J\\u202e" + new string('x', 500) + "\": 1\n").Problems, p => p.Level == ProblemLevel.Error);
        Assert.DoesNotContain('\e', problem.ToString());
        Assert.DoesNotContain('\u202e', problem.ToString());
        Assert.InRange(problem.ToString().Length, 1, 400);
    }

    private static IReadOnlyList<Problem> Within(int seconds, string text)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var problems = SpecReader.ReadText("s.yaml", text).Problems;
        Assert.InRange(clock.GetElapsedTime(started).TotalSeconds, 0, seconds);
        return problems;
    }
}
