using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads a host's doors for looks from inside: <c>agent</c>, <c>nrpe</c>, <c>plugin_folder</c>.</summary>
internal static class InsideReader
{
    internal static InsideDoors Doors(SpecValues values, Clause host)
    {
        var folder = values.Where(host.Find("plugin_folder"), AgentText.Folder, IsFolder, AgentText.MountRight);
        return host.Find("agent") is null && host.Find("nrpe") is null && folder is null
            ? InsideDoors.Usual
            : new InsideDoors(Agent(values, host), Nrpe(values, host), folder ?? SpecDefaults.PluginFolder);
    }

    private static AgentDoor Agent(SpecValues values, Clause host) =>
        Clause.Open(values.Problems, host.Find("agent"), host.PlaceOf("agent"), SpecLanguage.Agent) is { } agent
            ? new AgentDoor(agent.Whole("port", 1, 65535) ?? SpecDefaults.NrpePort, Pin(values, agent))
            : AgentDoor.Usual;

    private static NrpeDoor Nrpe(SpecValues values, Clause host)
    {
        if (Clause.Open(values.Problems, host.Find("nrpe"), host.PlaceOf("nrpe"), SpecLanguage.Nrpe) is not { } nrpe)
        {
            return NrpeDoor.Usual;
        }

        var tls = nrpe.OneOf("tls", ("auto", NrpeTls.Auto), ("certificate", NrpeTls.Certificate), ("anonymous", NrpeTls.Anonymous), ("none", NrpeTls.None)) ?? NrpeTls.Auto;
        var pin = Pin(values, nrpe);
        if (pin is not null && tls is NrpeTls.Anonymous or NrpeTls.None)
        {
            values.Problems.Wrong(nrpe.Find("tls")!.At, AgentText.PinNeedsTls, AgentText.PinNeedsTlsRight);
        }

        return new NrpeDoor(nrpe.Whole("port", 1, 65535) ?? SpecDefaults.NrpePort, pin is not null && tls == NrpeTls.Auto ? NrpeTls.Certificate : tls, pin);
    }

    private static string? Pin(SpecValues values, Clause door) =>
        values.Where(door.Find("certificate"), AgentText.Fingerprint, IsFingerprint, AgentText.FingerprintRight)?.ToLowerInvariant();

    private static bool IsFingerprint(string text) =>
        text.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) && text.Length == 71 && text.AsSpan(7).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;

    private static bool IsFolder(string text) => text is ['/', ..] && text.Length <= 400 && SpecWords.Unprintable(text) is null;
}
