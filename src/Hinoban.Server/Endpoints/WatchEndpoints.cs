using System.ComponentModel;
using System.Globalization;
using Hinoban.Basics;
using Hinoban.Flow;

namespace Hinoban.Server.Endpoints;

/// <summary>What is watched and how it is: services, hosts, sites, mails, customers.</summary>
internal static class WatchEndpoints
{
    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(31);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/services", Services).WithTags("watching").Describe<ServicesShape>("listServices", "All watched items, host checks included");
        api.MapGet("/services/{id:int}", Service).WithTags("watching").Describe<ServiceShape>("getService", "One watched item");
        api.MapGet("/services/{id:int}/samples", Samples).WithTags("watching").Describe<SamplesShape>(
            "getSamples", "What each site measured; the last 24 hours unless from and to say otherwise");
        api.MapGet("/hosts", Hosts).WithTags("watching").Describe<HostsShape>("listHosts", "All hosts with their checks");
        api.MapGet("/hosts/{customer}/{host}", Host).WithTags("watching").Describe<HostShape>("getHost", "One host with its checks");
        api.MapGet("/sites", Sites).WithTags("watching").Describe<SitesShape>("listSites", "The sites as the desk hears them");
        api.MapGet("/mails", Mails).WithTags("mails").Describe<MailsShape>("listMails", "The latest mails with what became of each envelope");
        api.MapPost("/mails/retry", RetryMails).WithTags("mails").Command<EmptyBody, MailsShape>("retryMails", "Try now what waits for its next try; the answer is the latest mails");
        api.MapGet("/customers", Customers).WithTags("customers").Describe<CustomersShape>("listCustomers", "Customers with their running edition");
    }

    private static IResult Services(
        HttpContext http,
        IDeskQueries queries,
        [Description("Only this customer's")] string? customer,
        [Description("Only this host's")] string? host)
    {
        var items = queries.Hosts(Caller.Of(http).Scope)
            .Where(h => (customer is null || h.Customer.Value == customer) && (host is null || h.Host == host))
            .SelectMany(h => h.Alive is null ? h.Services : h.Services.Prepend(h.Alive));
        return ApiJson.Answer(new ServicesShape([.. items.Select(ServiceShape.Of)]));
    }

    private static IResult Service(HttpContext http, IDeskQueries queries, int id) =>
        queries.Item(Caller.Of(http).Scope, new ItemId(id)) is { } item ? ApiJson.Answer(ServiceShape.Of(item)) : Problems.NotFound(http, ApiText.NoSuchService);

    private static IResult Samples(
        HttpContext http,
        IDeskQueries queries,
        TimeProvider clock,
        int id,
        [Description("RFC 3339; 24 hours before 'to' if left out")] string? from,
        [Description("RFC 3339; now if left out")] string? to)
    {
        var scope = Caller.Of(http).Scope;
        if (queries.Item(scope, new ItemId(id)) is null)
        {
            return Problems.NotFound(http, ApiText.NoSuchService);
        }

        var end = to is null ? clock.GetUtcNow() : Instant(to);
        var start = from is null ? end - TimeSpan.FromDays(1) : Instant(from);
        return start is not { } first || end is not { } last || last <= first || last - first > LongestRange
            ? Problems.Invalid(http, ApiText.RangeWrong)
            : ApiJson.Answer(new SamplesShape(new ItemId(id), first, last, queries.Samples(scope, new ItemId(id), first, last)));
    }

    private static IResult Hosts(HttpContext http, IDeskQueries queries, [Description("Only this customer's")] string? customer) => ApiJson.Answer(
        new HostsShape([.. queries.Hosts(Caller.Of(http).Scope).Where(h => customer is null || h.Customer.Value == customer).Select(HostShape.Of)]));

    private static IResult Host(HttpContext http, IDeskQueries queries, string customer, string host) =>
        queries.Host(Caller.Of(http).Scope, new CustomerId(customer), host) is { } found
            ? ApiJson.Answer(HostShape.Of(found))
            : Problems.NotFound(http, ApiText.NoSuchHost);

    private static IResult Sites(HttpContext http, IDeskQueries queries) => ApiJson.Answer(new SitesShape(queries.Sites(Caller.Of(http).Scope)));

    private static Task<IResult> RetryMails(HttpContext http, IDeskQueries queries, IDeskCommands commands) => ApiBody.CommandAsync<EmptyBody>(
        http, _ => commands.RetryMailsAsync(Caller.Of(http)), () => Mails(http, queries, null));

    private static IResult Mails(HttpContext http, IDeskQueries queries, [Description("1 to 1000, default 100")] string? limit) =>
        Limits.Of(limit, 100) is { } count
            ? ApiJson.Answer(new MailsShape([.. queries.Mails(Caller.Of(http).Scope, count).Select(MailShape.Of)]))
            : Problems.Invalid(http, ApiText.NotPositive);

    private static IResult Customers(HttpContext http, IDeskQueries queries) => ApiJson.Answer(new CustomersShape(queries.Customers(Caller.Of(http).Scope)));

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
}
