using System.Net;
using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Checks.Nrpe;
using Hinoban.Checks.Via;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>The site as a client of the distribution's NRPE daemon, and of older ones.</summary>
public sealed class NrpeLookTests(NrpeLookTests.Daemons daemons) : IClassFixture<NrpeLookTests.Daemons>
{
    private static readonly (string, string)[] Commands =
    [
        ("good", "/usr/lib/nagios/plugins/check_dummy 0 fine"),
        ("bad", "/usr/lib/nagios/plugins/check_dummy 2 broken"),
        ("perf", "/bin/echo 'LOAD OK - 0.1|load1=0.1;2;4;0;'"),
        ("long", "/usr/bin/seq 1 20000"),
        ("slow", "/bin/sleep 15"),
    ];

    private readonly NrpeLook look = new(new Connector(), new PluginLook(PluginOptions.Default, TimeProvider.System), TimeProvider.System);

    [Theory]
    [InlineData(nameof(NrpeTls.Certificate))]
    [InlineData(nameof(NrpeTls.Auto))]
    public async Task A_daemon_with_a_certificate_is_asked_over_it(string tls)
    {
        var good = await AskAsync(daemons.Certificate, "good", Enum.Parse<NrpeTls>(tls));
        var bad = await AskAsync(daemons.Certificate, "bad", Enum.Parse<NrpeTls>(tls));
        var perf = await AskAsync(daemons.Certificate, "perf", Enum.Parse<NrpeTls>(tls));

        Assert.Equal((CheckStatus.Ok, Reply.Answer, NoValue.None, "OK: fine"), (good.Status, good.Reply, good.NoValue, good.Output));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None, "CRITICAL: broken"), (bad.Status, bad.Reply, bad.NoValue, bad.Output));
        Assert.Equal(("LOAD OK - 0.1", "load1=0.1;2;4;0;"), (perf.Output, perf.Perfdata));
    }

    [Fact]
    public async Task What_is_longer_than_an_old_packet_arrives()
    {
        var said = await AskAsync(daemons.Certificate, "long", NrpeTls.Certificate);
        Assert.Equal("1", said.Output);
        Assert.InRange(said.LongOutput.Length, 10_000, 65_536);
    }

    [Fact]
    public async Task A_command_that_the_daemon_does_not_know_is_its_answer()
    {
        var said = await AskAsync(daemons.Certificate, "none", NrpeTls.Certificate);
        Assert.Equal((CheckStatus.Unknown, Reply.Answer), (said.Status, said.Reply));
        Assert.Contains("not defined", said.Output);
    }

    [Fact]
    public async Task The_pinned_certificate_is_believed_and_no_other()
    {
        var right = await AskAsync(daemons.Certificate, "good", NrpeTls.Certificate, daemons.Certificate.Fingerprint);
        var wrong = await AskAsync(daemons.Certificate, "good", NrpeTls.Certificate, $"sha256:{new string('0', 64)}");

        Assert.Equal(CheckStatus.Ok, right.Status);
        Assert.Equal((Reply.Transport, NoValue.TlsCut), (wrong.Reply, wrong.NoValue));
        Assert.Contains(daemons.Certificate.Fingerprint, wrong.Output);
    }

    [Theory]
    [InlineData(nameof(NrpeTls.Auto))]
    [InlineData(nameof(NrpeTls.Anonymous))]
    public async Task A_daemon_without_a_certificate_is_asked_by_the_stock_program(string tls)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/nagios/plugins/check_nrpe"), "check_nrpe is not installed: ./dev test installs it");
        var first = await AskAsync(daemons.Anonymous, "good", Enum.Parse<NrpeTls>(tls));
        var again = await AskAsync(daemons.Anonymous, "bad", Enum.Parse<NrpeTls>(tls));

        Assert.Equal((CheckStatus.Ok, Reply.Answer, "OK: fine"), (first.Status, first.Reply, first.Output));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, "CRITICAL: broken"), (again.Status, again.Reply, again.Output));
    }

    [Fact]
    public async Task Without_the_stock_program_anonymous_TLS_is_said_to_be_beyond_the_site()
    {
        using var none = new TempFolder();
        var bare = new NrpeLook(new Connector(), new PluginLook(new PluginOptions([none.Path], null), TimeProvider.System), TimeProvider.System);
        var said = await bare.LookAsync(InsideItems.Load(InsideItems.Way(Via.Nrpe, daemons.Anonymous.Port, "good", NrpeTls.Auto)), CheckItems.Long, default);

        Assert.Equal((CheckStatus.Unknown, NoValue.EngineFault), (said.Status, said.NoValue));
        Assert.Contains("check_nrpe", said.Output);
    }

    [Fact]
    public async Task Where_a_certificate_is_demanded_nothing_less_is_taken()
    {
        var said = await AskAsync(daemons.Anonymous, "good", NrpeTls.Certificate);
        Assert.Equal((Reply.Transport, NoValue.TlsCut), (said.Reply, said.NoValue));
    }

    [Fact]
    public async Task A_daemon_without_TLS_is_asked_without()
    {
        var said = await AskAsync(daemons.Plain, "bad", NrpeTls.None);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, "CRITICAL: broken"), (said.Status, said.Reply, said.Output));
    }

    [Theory]
    [InlineData(nameof(NrpeTls.Certificate))]
    [InlineData(nameof(NrpeTls.Anonymous))]
    public async Task Nobody_listening_is_no_answer_of_the_host(string tls)
    {
        var said = await look.LookAsync(InsideItems.Load(InsideItems.Way(Via.Nrpe, Ports.Free(), "good", Enum.Parse<NrpeTls>(tls))), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (said.Status, said.Reply, said.NoValue));
        Assert.StartsWith("NRPE CRITICAL - the NRPE daemon of web01 (127.0.0.1:", said.Output);
    }

    [Fact]
    public async Task A_plugin_that_does_not_end_is_a_time_out()
    {
        var said = await look.LookAsync(InsideItems.Load(InsideItems.Way(Via.Nrpe, daemons.Certificate.Port, "slow")), TimeSpan.FromSeconds(1), default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (said.Status, said.Reply, said.NoValue));
    }

    [Theory]
    [InlineData((short)NrpeVersion.V3)]
    [InlineData((short)NrpeVersion.V2)]
    public async Task An_older_daemon_is_asked_in_its_own_version_and_from_then_on_at_once(short newest)
    {
        using var old = new OldDaemon((NrpeVersion)newest);
        var item = InsideItems.Load(InsideItems.Way(Via.Nrpe, old.Port, "load", NrpeTls.None));

        var first = await look.LookAsync(item, CheckItems.Long, default);
        var connections = old.Connections;
        var again = await look.LookAsync(item, CheckItems.Long, default);

        Assert.Equal(("said in version " + newest, Reply.Answer), (first.Output, first.Reply));
        Assert.Equal(5 - newest, connections);
        Assert.Equal(("said in version " + newest, connections + 1), (again.Output, old.Connections));
    }

    [Fact]
    public async Task A_listener_of_another_protocol_is_garbage_that_the_host_says()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        });
        var said = await look.LookAsync(InsideItems.Load(InsideItems.Way(Via.Nrpe, ((IPEndPoint)listener.LocalEndpoint).Port, "load", NrpeTls.None)), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.Garbage), (said.Status, said.Reply, said.NoValue));
    }

    [Theory]
    [InlineData("CHECK_NRPE STATE CRITICAL: Socket timeout after 10 seconds.", nameof(NoValue.TimedOut))]
    [InlineData("CHECK_NRPE: Error - Could not connect to 127.0.0.1: Connection reset by peer", nameof(NoValue.TlsCut))]
    [InlineData("(No output on stdout) stderr: connect to address 127.0.0.1 port 5666: Connection refused", nameof(NoValue.Refused))]
    public void The_stock_program_s_own_troubles_are_not_the_host_s_answers(string said, string why)
    {
        var run = new LookAnswer(CheckStatus.Critical, Reply.Answer, NoValue.None, said);
        var answer = NrpeLook.FromProgram((InsideLookPlan)InsideItems.Load(InsideItems.Way(Via.Nrpe, 5666, "load")).Look, run, CheckItems.Long);
        Assert.Equal((Reply.Transport, why), (answer.Reply, answer.NoValue.ToString()));
    }

    private Task<LookAnswer> AskAsync(NrpeServer server, string command, NrpeTls tls, string? pin = null) =>
        look.LookAsync(InsideItems.Load(InsideItems.Way(Via.Nrpe, server.Port, command, tls, pin)), CheckItems.Long, default);

    /// <summary>One daemon of each sort for all tests of the class.</summary>
    public sealed class Daemons : IDisposable
    {
        private readonly Lazy<NrpeServer> certificate = Make(NrpeServer.Tls.Certificate);
        private readonly Lazy<NrpeServer> anonymous = Make(NrpeServer.Tls.Anonymous);
        private readonly Lazy<NrpeServer> plain = Make(NrpeServer.Tls.None);

        internal NrpeServer Certificate => certificate.Value;

        internal NrpeServer Anonymous => anonymous.Value;

        internal NrpeServer Plain => plain.Value;

        public void Dispose()
        {
            foreach (var started in new[] { certificate, anonymous, plain }.Where(d => d.IsValueCreated))
            {
                started.Value.Dispose();
            }
        }

        private static Lazy<NrpeServer> Make(NrpeServer.Tls tls) => new(() =>
        {
            Assert.SkipWhen(NrpeServer.Missing.Length > 0, NrpeServer.Missing);
            return NrpeServer.Start(tls, TimeProvider.System, Commands);
        });
    }

    /// <summary>A daemon that knows versions up to one only, and closes the connection on a newer packet, as the real ones do.</summary>
    private sealed class OldDaemon : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly NrpeVersion newest;

        internal OldDaemon(NrpeVersion newest)
        {
            this.newest = newest;
            listener.Start();
            _ = Task.Run(ServeAsync);
        }

        internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        internal int Connections { get; private set; }

        public void Dispose() => listener.Dispose();

        private async Task ServeAsync()
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                Connections++;
                var stream = client.GetStream();
                var bytes = new byte[NrpeCodec.FixedLength];
                await stream.ReadExactlyAsync(bytes);
                if (NrpeCodec.Read(bytes) is { State: NrpeState.Whole, Packet: { } query } && query.Version <= newest)
                {
                    await stream.WriteAsync(NrpeCodec.Write(new NrpePacket(query.Version, NrpeKind.Response, 0, $"said in version {(short)query.Version}")));
                }
            }
        }
    }
}
