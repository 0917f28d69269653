using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Items for looks in tests, and a folder that goes away.</summary>
internal static class CheckItems
{
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    internal static ItemPlan Of(LookPlan look, string address = "127.0.0.1", string host = "web01", string service = "svc", int id = 1) => new(
        new ItemId(id), new CustomerId("sample"), host, service, address, look,
        TimeSpan.FromMinutes(3), Long, 2, TimeSpan.FromSeconds(15), [new SiteName("tokyo")], null, 1, 1);

    internal static HttpLookPlan Http(int port, string path = "/", bool tls = false) =>
        new(tls, port, "localhost", path, [], null, FollowRedirects: false, null, null, null, null, VerifyCertificate: false);
}

/// <summary>A temporary folder.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("hinoban-test-").FullName;

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
