using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Lab.Story;

/// <summary>What is wrong with a target, or with a site's way to it.</summary>
internal abstract record Fault
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(20);

    private Fault()
    {
    }

    /// <summary>Its ports are closed; the machine itself still answers a ping.</summary>
    internal static Fault Refused { get; } = new Network(SocketError.ConnectionRefused);

    /// <summary>No answer at all.</summary>
    internal static Fault BlackHole { get; } = new Network(SocketError.TimedOut);

    /// <summary>A router says that there is no way.</summary>
    internal static Fault Unreachable { get; } = new Network(SocketError.HostUnreachable);

    /// <summary>The name server does not know the name.</summary>
    internal static Fault Dns { get; } = new Network(SocketError.HostNotFound);

    /// <summary>Pings are dropped on the way, all else passes.</summary>
    internal static Fault NoPing { get; } = new Filtered();

    /// <summary>The answer is right, and late.</summary>
    internal static Fault Slow(TimeSpan takes) => new Late(takes);

    /// <summary>The target itself says that something is wrong.</summary>
    internal static Fault Says(CheckStatus status, string output) => new Answer(status, output);

    /// <summary>What a look at a target that is well finds.</summary>
    internal static (TimeSpan Took, LookAnswer Answer) Nothing(ItemPlan item) => (RoundTrip, Fine.Of(item.Look));

    /// <summary>What a look at the item finds, and after how long; null if the fault does not bear on such a look.</summary>
    internal abstract (TimeSpan Took, LookAnswer Answer)? Meets(ItemPlan item);

    private sealed record Network(SocketError Error) : Fault
    {
        private readonly LookAnswer answer = LookFailures.Of("", Error, "target");

        internal override (TimeSpan Took, LookAnswer Answer)? Meets(ItemPlan item) => Error switch
        {
            SocketError.ConnectionRefused when item.Look is PingLookPlan => null,
            SocketError.TimedOut => (TimeSpan.MaxValue, answer),
            _ => (RoundTrip, answer),
        };

        public override string ToString() => LookFailures.Words(Error);
    }

    private sealed record Filtered : Fault
    {
        internal override (TimeSpan Took, LookAnswer Answer)? Meets(ItemPlan item) => item.Look is PingLookPlan ? BlackHole.Meets(item) : null;

        public override string ToString() => "drops pings";
    }

    private sealed record Late(TimeSpan Takes) : Fault
    {
        internal override (TimeSpan Took, LookAnswer Answer)? Meets(ItemPlan item) => Takes >= item.CriticalTime
            ? (Takes, new LookAnswer(CheckStatus.Critical, Reply.Answer, NoValue.None, $"CRITICAL - {Takes.TotalSeconds:0.000} second response time"))
            : (Takes, Fine.Of(item.Look));

        public override string ToString() => $"answers after {Takes.TotalSeconds:0.###} s";
    }

    private sealed record Answer(CheckStatus Status, string Output) : Fault
    {
        private readonly LookAnswer answer = new(Status, Reply.Answer, NoValue.None, Output);

        internal override (TimeSpan Took, LookAnswer Answer)? Meets(ItemPlan item) => (RoundTrip, answer);

        public override string ToString() => $"says {Output}";
    }

    private static class Fine
    {
        private static readonly LookAnswer Ping = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "PING OK - Packet loss = 0%, RTA = 20.00 ms", "", "rta=20.000ms;;;0 pl=0%;;;0");
        private static readonly LookAnswer Port = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "OK - 0.020 second response time", "", "time=0.020s;;;0");

        internal static LookAnswer Of(LookPlan look) => look is PingLookPlan ? Ping : Port;
    }
}
