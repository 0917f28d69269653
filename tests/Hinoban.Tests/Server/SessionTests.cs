using System.Net;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.People;
using Hinoban.Tests.Console;

namespace Hinoban.Tests.Server;

/// <summary>How a session at the console begins and ends, with the real cookie.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Another = "another long password";

    private readonly LabClock clock = new();
    private SampleServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await SampleServer.StartAsync(clock: clock);
        Assert.Null(server.Accounts.Add("sato", "佐藤 花子", Role.Operator, null, ConsoleHost.Password, Now, "test"));
        Assert.Null(server.Accounts.Add("ito", "伊藤 結", Role.Operator, null, ConsoleHost.Password, Now, "test", mustChange: true));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_changed_password_ends_every_session_but_the_one_that_changed_it()
    {
        using var here = await SignedInAsync("sato");
        using var there = await SignedInAsync("sato");
        using var other = await SignedInAsync("ito");
        using (var changed = await ChangeAsync(here, ConsoleHost.Password))
        {
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(there));
        using var page = await there.GetAsync("/");
        Assert.Equal("/login", page.Headers.Location!.ToString());
        using var account = await other.GetAsync("/account");
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
    }

    [Fact]
    public async Task A_password_that_somebody_else_gave_ends_all_of_them()
    {
        using var here = await SignedInAsync("sato");
        Assert.Null(server.Accounts.SetPassword("sato", Another, Now, "admin", mustChange: true));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(here));
    }

    [Fact]
    public async Task A_disabled_account_has_no_session_and_gets_none_back()
    {
        using var here = await SignedInAsync("sato");
        using var idle = await SignedInAsync("sato");
        Assert.Null(server.Accounts.SetDisabled("sato", true, Now, "admin"));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(here));
        Assert.Null(server.Accounts.SetDisabled("sato", false, Now, "admin"));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(idle));
        using var again = await SignedInAsync("sato");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(again));
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_however_busy_it_was()
    {
        using var here = await SignedInAsync("sato");
        for (var hour = 0; hour < 12; hour++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));
            clock.Advance(TimeSpan.FromMinutes(59.9));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(here));
    }

    [Fact]
    public async Task A_stream_ends_with_the_session_that_opened_it()
    {
        using var here = await SignedInAsync("sato");
        using var answer = await here.Http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("event: desk-hello", await reader.ReadLineAsync());

        Assert.Null(server.Accounts.SetDisabled("sato", true, Now, "admin"));
        var rest = reader.ReadToEndAsync();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        var ended = clock.GetUtcNow() + TimeSpan.FromSeconds(5);
        while (!rest.IsCompleted)
        {
            await timer.WaitForNextTickAsync(late.Token);
            if (clock.GetUtcNow() < ended)
            {
                clock.Advance(TimeSpan.FromSeconds(0.25));
            }
        }

        Assert.DoesNotContain("desk-beat", await rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_time_password_opens_the_account_page_and_the_api_goes_on()
    {
        using var ito = new Visitor(server.App.Address);
        using var signedIn = await ito.PostAsync("/login?next=%2Fhosts", "/login", ("name", "ito"), ("password", ConsoleHost.Password), ("next", "/hosts"));
        Assert.Equal("/account", signedIn.Headers.Location!.ToString());
        using var page = await ito.GetAsync("/hosts");
        Assert.Equal("/account", page.Headers.Location!.ToString());

        var token = server.Accounts.AddToken("ito", Role.Operator, null, Now, "test").Token;
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/v1/incidents", token)).Status);

        using var changed = await ChangeAsync(ito, ConsoleHost.Password);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ito));
        using var again = await new Visitor(server.App.Address).PostAsync("/login", "/login", ("name", "ito"), ("password", ConsoleHost.Password));
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task Somebody_who_must_wait_is_told_so()
    {
        using var visitor = new Visitor(server.App.Address);
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await visitor.PostAsync("/login", "/login", ("name", "sato"), ("password", "wrong wrong wrong"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var slowed = await visitor.PostAsync("/login", "/login", ("name", "sato"), ("password", ConsoleHost.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.Contains(PeopleText.TooManyTries.Ja, await slowed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Moment Now => Moment.Of(clock);

    private Task<Visitor> SignedInAsync(string name) => Visitor.SignedInAsync(server.App.Address, name);

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/");
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> ChangeAsync(Visitor visitor, string current) =>
        visitor.PostAsync("/account", "/account/password", ("current", current), ("password", Another), ("again", Another));
}
