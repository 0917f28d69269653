using Hinoban.Basics;
using Hinoban.States;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>What a site logs of the time without a desk.</summary>
internal static partial class AwayLog
{
    internal static void Role(ILogger log, SiteName site, AwayRole role)
    {
        switch (role)
        {
            case WithDesk:
                Back(log, site);
                break;
            case Relayed relayed:
                Carried(log, site, relayed.By);
                break;
            case Jury jury when jury.Speaker == site:
                Speaks(log, site);
                break;
            case Jury jury:
                Judges(log, site, jury.Speaker);
                break;
            case Alone:
                SpeaksAlone(log, site);
                break;
            default:
                Silent(log, site);
                break;
        }
    }

    [LoggerMessage(5131, LogLevel.Information, "{Site}: the desk answers; it decides and speaks")]
    private static partial void Back(ILogger log, SiteName site);

    [LoggerMessage(5132, LogLevel.Warning, "{Site}: the desk does not answer here; {Peer} carries results and orders")]
    private static partial void Carried(ILogger log, SiteName site, SiteName peer);

    [LoggerMessage(5133, LogLevel.Error, "{Site}: the desk is away; this site judges with its peers and writes to the customers")]
    private static partial void Speaks(ILogger log, SiteName site);

    [LoggerMessage(5134, LogLevel.Error, "{Site}: the desk is away; the sites judge together and {Speaker} writes to the customers")]
    private static partial void Judges(ILogger log, SiteName site, SiteName speaker);

    [LoggerMessage(5135, LogLevel.Error, "{Site}: neither the desk nor any other site answers; this site judges alone and writes to the customers")]
    private static partial void SpeaksAlone(ILogger log, SiteName site);

    [LoggerMessage(5136, LogLevel.Error, "{Site}: neither the desk nor any other site answers, and this site may not speak alone: nobody is told what it sees")]
    private static partial void Silent(ILogger log, SiteName site);

    [LoggerMessage(5137, LogLevel.Warning, "{Site}: {Peer} does not answer ({Why})")]
    internal static partial void PeerLost(ILogger log, SiteName site, SiteName peer, string why);

    [LoggerMessage(5138, LogLevel.Information, "{Site}: {Peer} answers")]
    internal static partial void PeerHeard(ILogger log, SiteName site, SiteName peer);

    [LoggerMessage(5139, LogLevel.Error, "{Site}: taking another part without the desk failed; it is tried again in a second")]
    internal static partial void TurnFailed(ILogger log, SiteName site, Exception failure);

    [LoggerMessage(5181, LogLevel.Error, "{Site}: the desk does not take {Episodes} from the time without it ({Why}); they are kept and told again in {Seconds:0} s")]
    internal static partial void NotTaken(ILogger log, SiteName site, string episodes, string why, double seconds);

    [LoggerMessage(5182, LogLevel.Error, "{Site}: sending what was decided without the desk failed; it is begun again in {Seconds:0} s")]
    internal static partial void PumpFailed(ILogger log, SiteName site, double seconds, Exception failure);

    [LoggerMessage(5183, LogLevel.Error, "{Site}: what others told cannot be kept now; it is known until this process ends, and tried again with the next word")]
    internal static partial void NotKept(ILogger log, SiteName site, Exception failure);

    [LoggerMessage(5140, LogLevel.Information, "{Site}: the desk is told of {Episodes} from the time without it")]
    internal static partial void HandsBack(ILogger log, SiteName site, string episodes);
}
