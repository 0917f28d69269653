using System.Globalization;
using System.Net;
using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Server.Options;

/// <summary>Reads the ways of mail besides the first relay: the second, and the door for what comes in.</summary>
internal sealed class MailSettings(SettingValues values, SettingSources sources)
{
    private const int SocketPathLimit = 100;

    /// <summary>Null if there is no second relay. Names and domain are the first one's.</summary>
    internal MailOptions? Second(MailOptions first)
    {
        Setting[] others = [Settings.SecondUser, Settings.SecondPasswordFile, Settings.SecondCaFile, Settings.SecondRelayLog];
        if (sources.Of(Settings.SecondSmtp) is null)
        {
            foreach (var alone in others.Where(s => sources.Of(s) is not null))
            {
                values.Wrong(alone, OptionText.SecondNeedsSmtp, OptionText.SmtpRight);
            }

            return null;
        }

        var (host, port) = values.HostPort(Settings.SecondSmtp);
        var user = values.Optional(Settings.SecondUser);
        var file = values.ExistingFile(Settings.SecondPasswordFile);
        if (user is not null && sources.Of(Settings.SecondPasswordFile) is null)
        {
            values.Wrong(Settings.SecondUser, OptionText.PasswordMissing, OptionText.SecretRight);
        }

        return first with
        {
            Host = host,
            Port = port,
            Tls = values.OneOf(
                Settings.SecondTls,
                ("none", SmtpTls.None), ("if-offered", SmtpTls.IfOffered), ("starttls", SmtpTls.StartTls), ("implicit", SmtpTls.Implicit)),
            User = user,
            Password = file is null ? null : new Redacted(File.ReadAllText(file).TrimEnd('\n').TrimEnd('\r')),
            RelayLog = values.PathOf(Settings.SecondRelayLog),
            CaFile = values.ExistingFile(Settings.SecondCaFile),
        };
    }

    internal TimeSpan SecondAfter() => values.Duration(Settings.SecondAfter);

    /// <summary>Null if nothing comes in.</summary>
    internal InboundOptions? Inbound()
    {
        var every = values.Word(Settings.InboundArrivalEvery) == "off" ? (TimeSpan?)null : values.Duration(Settings.InboundArrivalEvery);
        var within = values.Duration(Settings.InboundArrivalWithin);
        var largest = Largest();
        var archive = new ArchiveTerms { Posts = values.Duration(Settings.InboundKeepPosts), Others = values.Duration(Settings.InboundKeepOthers), Limit = ArchiveLimit() };
        if (values.Optional(Settings.InboundListen) is not { } word)
        {
            return null;
        }

        var door = Door(word);
        if (door is null)
        {
            values.Wrong(Settings.InboundListen, OptionText.NotAnInbound, OptionText.InboundRight);
        }

        return (door ?? new InboundOptions("127.0.0.1", 0, null)) with { ArrivalEvery = every, ArrivalWithin = within, LargestMessage = largest, Archive = archive };
    }

    // Loopback only: LMTP has no log-in, and what comes in by it is believed to have passed the MTA.
    private InboundOptions? Door(string word)
    {
        if (word.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = word["unix:".Length..];
            return Path.IsPathRooted(path) && path.Length <= SocketPathLimit ? new InboundOptions("", 0, path) : null;
        }

        return IPEndPoint.TryParse(word, out var at) && IPAddress.IsLoopback(at.Address) && at.Port > 0 ? new InboundOptions(at.Address.ToString(), at.Port, null) : null;
    }

    private long ArchiveLimit()
    {
        var word = values.Word(Settings.InboundArchiveLimit);
        var unit = word.EndsWith("GB", StringComparison.Ordinal) ? 1_000_000_000L : word.EndsWith("MB", StringComparison.Ordinal) ? 1_000_000L : 0;
        if (unit > 0 && int.TryParse(word[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count * unit is >= 100_000_000 and <= 10_000_000_000_000 and var octets)
        {
            return octets;
        }

        values.Wrong(Settings.InboundArchiveLimit, OptionText.NotASize, OptionText.ArchiveSizeRight);
        return new ArchiveTerms().Limit;
    }

    private int Largest()
    {
        var word = values.Word(Settings.InboundLargest);
        if (word.EndsWith("MB", StringComparison.Ordinal) && int.TryParse(word[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 200)
        {
            return count * 1_000_000;
        }

        values.Wrong(Settings.InboundLargest, OptionText.NotASize, OptionText.SizeRight);
        return 25_000_000;
    }
}
