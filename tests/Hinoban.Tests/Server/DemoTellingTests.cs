using System.Collections.Concurrent;
using Hinoban.Server;
using Hinoban.Server.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.Server;

/// <summary><c>demo break</c> and <c>demo mend</c> with several demos on one machine: they say which one they told, and tell none where that is not clear.</summary>
public sealed class DemoTellingTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-demos-").FullName;
    private readonly ConcurrentQueue<string> told = new();
    private readonly List<WebApplication> demos = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var demo in demos)
        {
            await demo.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Of_two_the_one_that_is_named_is_told()
    {
        var (first, second) = (await StartAsync("one"), await StartAsync("two"));
        var (exit, said) = await RunAsync("demo", "mend");
        Assert.Equal(64, exit);
        Assert.Contains($"hinoban demo mend --url {first}", said, StringComparison.Ordinal);
        Assert.Contains($"hinoban demo mend --url {second}", said, StringComparison.Ordinal);
        Assert.Empty(told);

        (exit, said) = await RunAsync("demo", "mend", "--url", first.ToString());
        Assert.Equal((0, "one mend"), (exit, Assert.Single(told)));
        Assert.Contains(first.ToString(), said, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("demo", "break", "--url", "http://127.0.0.1:1/")).Exit);
        Assert.Single(told);
    }

    [Fact]
    public async Task One_that_is_gone_leaves_the_other_its_word()
    {
        var (_, second) = (await StartAsync("one"), await StartAsync("two"));
        await demos[0].StopAsync(TestContext.Current.CancellationToken);
        var (exit, said) = await RunAsync("demo", "break");
        Assert.Equal((0, "two break"), (exit, Assert.Single(told)));
        Assert.Contains(second.ToString(), said, StringComparison.Ordinal);
        await demos[1].StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, (await RunAsync("demo", "mend")).Exit);
    }

    private async Task<Uri> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var demo = builder.Build();
        demo.MapGet("/demo/state", () => "up");
        demo.MapPost("/demo/{what}", (HttpContext http, string what) =>
        {
            told.Enqueue($"{name} {what}");
            return TypedResults.LocalRedirect("/demo");
        });
        await demo.StartAsync(TestContext.Current.CancellationToken);
        demos.Add(demo);
        var url = new Uri(demo.Urls.Single() + "/");
        new DemoNote(url, "secret").Write(DemoNote.PathOf(null, url, Around(TextWriter.Null)));
        return url;
    }

    private Surroundings Around(TextWriter output) =>
        new(new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = folder }, folder, TextReader.Null, output, output, TimeProvider.System);

    private async Task<(int Exit, string Said)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        return (await CommandTree.RunAsync(arguments, Around(output)), output.ToString());
    }
}
