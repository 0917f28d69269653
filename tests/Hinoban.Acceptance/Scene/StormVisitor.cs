using System.Net;
using System.Text.RegularExpressions;

namespace Hinoban.Acceptance.Scene;

/// <summary>Somebody at the console whose every page and action is timed, from the request to the last byte of the answer.</summary>
internal sealed partial class StormVisitor : IDisposable
{
    private readonly HttpClient http;
    private readonly Dictionary<string, List<double>> took = [];
    private string key = "";

    private StormVisitor(Uri desk) => http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = desk, Timeout = TimeSpan.FromSeconds(60) };

    internal static async Task<StormVisitor> SignedInAsync(Uri desk, string account, string password)
    {
        var visitor = new StormVisitor(desk);
        await visitor.GetAsync("sign-in page", "/login");
        await visitor.PostAsync("sign-in", "/login", ("name", account), ("password", password));
        visitor.Forget();
        return visitor;
    }

    /// <summary>What was timed so far, and from here on anew.</summary>
    internal IReadOnlyDictionary<string, List<double>> Forget()
    {
        var so = new Dictionary<string, List<double>>(took);
        took.Clear();
        return so;
    }

    internal async Task<string> GetAsync(string what, string path)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();
        Note(what, start);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)answer.StatusCode}");
        key = FormKey().Match(page) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : key;
        return page;
    }

    /// <summary>An action as htmx sends it: the answer is the page as it is afterwards. Gives the status.</summary>
    internal async Task<HttpStatusCode> PostAsync(string what, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", key)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))),
        };
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Request-Type", "partial");
        var start = TimeProvider.System.GetTimestamp();
        using var answer = await http.SendAsync(request);
        await answer.Content.ReadAsStringAsync();
        Note(what, start);
        return answer.StatusCode;
    }

    public void Dispose() => http.Dispose();

    private void Note(string what, long start) => (took.TryGetValue(what, out var list) ? list : took[what] = []).Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormKey();
}
