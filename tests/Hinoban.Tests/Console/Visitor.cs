using System.Net;
using System.Text.RegularExpressions;

namespace Hinoban.Tests.Console;

/// <summary>A browser without script: keeps cookies, follows nothing by itself, takes the form key from the page it is on.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly HttpClient http;

    internal Visitor(ConsoleHost host)
        : this(host.Address)
    {
    }

    internal Visitor(Uri address)
    {
        http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = address };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("ja");
    }

    internal HttpClient Http => http;

    internal static async Task<Visitor> SignedInAsync(ConsoleHost host, string account)
    {
        return await SignedInAsync(host.Address, account);
    }

    internal static async Task<Visitor> SignedInAsync(Uri address, string account, string password = ConsoleHost.Password)
    {
        var visitor = new Visitor(address);
        using var answer = await visitor.PostAsync("/login", "/login", ("name", account), ("password", password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    internal Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(new Uri(path, UriKind.Relative));

    internal async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Opens <paramref name="page"/> for its form key, then posts.</summary>
    internal async Task<HttpResponseMessage> PostAsync(string page, string path, params (string Name, string Value)[] fields) =>
        await SendAsync(page, path, part: false, fields);

    /// <summary>As htmx does it.</summary>
    internal async Task<HttpResponseMessage> PostPartAsync(string page, string path, params (string Name, string Value)[] fields) =>
        await SendAsync(page, path, part: true, fields);

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string page, string path, bool part, (string Name, string Value)[] fields)
    {
        using var opened = await GetAsync(page);
        var key = FormKey().Match(await opened.Content.ReadAsStringAsync()).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(key)))),
        };
        if (part)
        {
            request.Headers.Add("HX-Request", "true");
            request.Headers.Add("HX-Request-Type", "partial");
        }

        return await http.SendAsync(request);
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormKey();
}
