namespace Hinoban.Tests.Server;

/// <summary>One running server for all tests of a class.</summary>
public sealed class SampleServerFixture : IAsyncLifetime
{
    internal SampleServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await SampleServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
