using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>What it means when the way into a host brings no answer: evidence about the host or the path, and nothing of what was asked for.</summary>
internal static class ViaFailures
{
    internal static LookAnswer TimedOut(InsideLookPlan look, TimeSpan timeout) =>
        LookFailures.Transport(Prefix(look), NoValue.TimedOut, string.Create(CultureInfo.InvariantCulture, $"{Who(look)} does not answer within {timeout.TotalSeconds:0.###} seconds{Rest(look)}"));

    /// <summary>Null: not a fault of the connection.</summary>
    internal static LookAnswer? Of(InsideLookPlan look, Exception fault) => fault switch
    {
        NrpeBrokenException broken => new LookAnswer(
            CheckStatus.Critical, Reply.Answer, NoValue.Garbage, $"{Prefix(look)}CRITICAL - {Who(look)} does not speak its protocol: {broken.Message}{Rest(look)}"),
        SocketException socket => Socket(look, socket.SocketErrorCode),
        IOException { InnerException: SocketException socket } => Socket(look, socket.SocketErrorCode),
        NotPinnedException stranger => LookFailures.Transport(Prefix(look), NoValue.TlsCut, $"{Who(look)} is not believed: {stranger.Message}{Rest(look)}"),
        AuthenticationException tls => LookFailures.Transport(Prefix(look), NoValue.TlsCut, $"TLS with {Who(look)} failed: {(tls.InnerException ?? tls).Message}{Rest(look)}"),
        IOException cut => LookFailures.Transport(Prefix(look), NoValue.Refused, $"{Who(look)} does not answer: {cut.Message} (is this site allowed there?){Rest(look)}"),
        _ => null,
    };

    /// <summary>It was reached, and knows no answer to what was asked.</summary>
    internal static LookAnswer NoItem(InsideLookPlan look, string why) =>
        new(CheckStatus.Unknown, Reply.Answer, NoValue.Garbage, $"{Prefix(look)}UNKNOWN - {Who(look)}: {why}{Rest(look)}");

    internal static string Prefix(InsideLookPlan look) => look.Way.Via switch { Specs.Via.Agent => "AGENT ", Specs.Via.Nrpe => "NRPE ", Specs.Via.Ssh => "SSH " };

    private static LookAnswer Socket(InsideLookPlan look, SocketError error) => LookFailures.WhyOf(error) switch
    {
        NoValue.EngineFault => LookFailures.Engine(Prefix(look), $"cannot open a connection to {LookFailures.Place(look.Way.Address, look.Way.Port)}: {LookFailures.Words(error)}"),
        NoValue.NameUnresolved => LookFailures.Transport(Prefix(look), NoValue.NameUnresolved, $"name not resolved: {look.Way.Address}{Rest(look)}"),
        var why => LookFailures.Transport(Prefix(look), why, $"{Who(look)} does not answer: {LookFailures.Words(error)}{Rest(look)}"),
    };

    internal static string Who(InsideLookPlan look)
    {
        var what = look.Way.Via switch { Specs.Via.Agent => "the agent", Specs.Via.Nrpe => "the NRPE daemon", Specs.Via.Ssh => "sshd" };
        return $"{what} of {look.Way.Host} ({LookFailures.Place(look.Way.Address, look.Way.Port)})";
    }

    /// <summary>Of a look from one host at another: whose silence this is not.</summary>
    internal static string Rest(InsideLookPlan look) => look switch
    {
        DatabaseLookPlan database => $"; nothing is known of the database at {LookFailures.Place(database.Target, database.Port)}",
        InsideTcpLookPlan tcp => $"; nothing is known of {LookFailures.Place(tcp.Target, tcp.Port)}",
        _ => "",
    };
}
