using Hinoban.Checks.Ssh;
using Microsoft.Extensions.DependencyInjection;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Server;
using Hinoban.Server.Options;
using Hinoban.Server.Roles;
using Hinoban.Storage;

namespace Hinoban.Tests.Server;

/// <summary>The real web server on a free port over a <see cref="SampleDesk"/>, with a token for every role.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    private readonly string folder;
    private readonly ServerApp app;

    private SampleServer(string folder, SampleDesk desk, ServerApp app, bool tls) =>
        (this.folder, Desk, this.app, Http) = (folder, desk, app, new HttpClient(new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ServerCertificateCustomValidationCallback = tls ? (_, shown, _, _) => Shown(shown) : null,
        })
        { BaseAddress = app.Address });

    internal static string? LastShown { get; private set; }

    internal SampleDesk Desk { get; }

    internal HttpClient Http { get; }

    internal ServerApp App => app;

    internal Accounts Accounts => app.Services.GetRequiredService<Accounts>();

    internal static ServerOptions Options(string folder, bool tls = false, IReadOnlyList<System.Net.IPAddress>? proxies = null) => new(
        ServerRole.Desk, folder, Language.Ja, LogFormat.Line, PluginOptions.Default,
        new DeskRoleOptions(
            new ListenOptions("127.0.0.1", 0, tls, null, null), Text.Same("Hinoban"), [], [],
            new MailOptions("127.0.0.1", 25, SmtpTls.None, null, null, "mon.example.jp", "", Text.Same("desk"), null, TimeSpan.FromDays(2), TimeSpan.FromSeconds(30)))
        { TrustedProxies = proxies ?? [] },
        null)
    {
        Ssh = new ShellOptions("/usr/bin/ssh", null, Path.Combine(folder, "ssh"), TimeSpan.FromSeconds(10)),
    };

    internal static async Task<SampleServer> StartAsync(
        bool tls = false, IReadOnlyList<Runner>? runners = null, Func<Moment, string?>? ailment = null, string? at = null,
        TimeProvider? clock = null, Func<Ground, DeskParts>? wire = null, IReadOnlyList<System.Net.IPAddress>? proxies = null)
    {
        var folder = at ?? Directory.CreateTempSubdirectory("hinoban-server-").FullName;
        var desk = new SampleDesk();
        var app = ServerApp.Desk(Options(folder, tls, proxies), clock ?? TimeProvider.System, wire ?? (ground =>
        {
            var db = Db.OpenFile(ground.Folder.DeskFile, SchemaKind.Desk);
            return new DeskParts(db, new Accounts(db), desk, desk, desk, desk, new SiteKeyStore(db, ground.Clock), runners ?? []) { Ailment = ailment ?? (_ => null) };
        }));
        await app.StartAsync();
        return new SampleServer(folder, desk, app, tls);
    }

    internal string Token(string role, string? customer = null) => Accounts.AddToken(
        $"{role}{customer}", RoleWords.Parse(role)!.Value, customer is null ? null : new CustomerId(customer), Moment.Of(TimeProvider.System), "test").Token!;

    internal async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> SendAsync(
        HttpMethod method, string path, string? token = null, string? body = null, string language = "en", string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default, response);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        app.Services.GetRequiredService<Db>().Dispose();
        await app.DisposeAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Shown(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate)
    {
        LastShown = certificate is null ? null : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData));
        return true;
    }
}
