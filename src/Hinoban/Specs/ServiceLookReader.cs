using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>The kinds that speak a service's own protocol, and what <c>tcp</c> and <c>udp</c> say and expect.</summary>
internal sealed partial class LookReader
{
    private const int LongestTalk = 4000;

    private static readonly string[] OfTls = ["host_name", "certificate", "verify"];

    private ServiceLookPlan? Service()
    {
        var kind = ServiceKind.Of(layers.Kind);
        var (warn, crit) = Times(orDefault: kind.Timed);
        var written = Port();
        var tls = Tls(kind.Always ? WireTls.Direct : written is { } p && p == kind.TlsPort ? WireTls.Direct : WireTls.None, kind.TlsPort is not null, startTls: true);
        var port = written ?? (tls.Mode == WireTls.Direct ? kind.TlsPort!.Value : kind.Port);
        return new ServiceLookPlan(layers.Kind, port, values.Line(layers.Find("expect").Node, SpecText.Key("expect"), 1000), tls, warn, crit);
    }

    private TlsPlan Tls(WireTls usual, bool can, bool startTls)
    {
        var mode = !can || usual == WireTls.Direct && ServiceKind.Is(layers.Kind) && ServiceKind.Of(layers.Kind).Always ? usual
            : (startTls
                ? values.OneOf(layers.Find("tls").Node, SpecText.Key("tls"), ("none", WireTls.None), ("starttls", WireTls.StartTls), ("direct", WireTls.Direct))
                : values.OneOf(layers.Find("tls").Node, SpecText.Key("tls"), ("none", WireTls.None), ("direct", WireTls.Direct))) ?? usual;
        var name = values.Where(layers.Find("host_name").Node, CheckText.HostName, AddressRules.IsHost, CheckText.HostNameRight);
        var days = Certificate();
        var verify = values.Truth(layers.Find("verify").Node, SpecText.Key("verify"));
        if (mode == WireTls.None && OfTls.FirstOrDefault(k => layers.Find(k).Node is not null) is { } idle)
        {
            Problems.Wrong(layers.Find(idle).Node!.At, ServiceText.NeedsTls(idle), ServiceText.TlsRight);
            broken = true;
        }

        return new TlsPlan(mode, name ?? "", verify ?? true, days.Warn, days.Crit);
    }

    /// <summary>Null: the connection is only opened.</summary>
    private TalkPlan? Talk()
    {
        var (send, expect, quit) = (Said("send"), Expected(), Said("quit"));
        var tls = Tls(WireTls.None, can: true, startTls: false);
        return send is null && expect.Count == 0 && quit is null && tls.Mode == WireTls.None ? null : new TalkPlan(send ?? "", expect, quit ?? "", tls);
    }

    private UdpLookPlan? Udp()
    {
        var (warn, crit) = Times();
        var (port, send, expect) = (Port(), Said("send"), Expected());
        if (layers.Find("port").Node is null)
        {
            Missing("port", "514");
        }

        if (layers.Find("send").Node is null)
        {
            Missing("send", "\"ping\\n\"");
        }

        return port is { } p && send is not null ? new UdpLookPlan(p, send, expect, warn, crit) : null;
    }

    private DnsLookPlan? Dns()
    {
        var (warn, crit) = Times();
        var port = Port() ?? 53;
        var type = values.OneOf(layers.Find("type").Node, SpecText.Key("type"), [.. CheckLanguage.DnsTypes.Select((t, i) => (t, i))]) ?? 0;
        var name = values.Where(layers.Find("name").Node, ServiceText.DnsName, n => AddressRules.IsName(n) || (CheckLanguage.DnsTypes[type] == "PTR" && AddressRules.IsIp(n)), ServiceText.DnsNameRight);
        var expect = values.Many(layers.Find("expect").Node).Select(e => values.Line(e, SpecText.Key("expect"), 1000)).OfType<string>().ToList();
        if (layers.Find("name").Node is null)
        {
            Missing("name", "www.example.jp");
        }

        return name is null ? null : new DnsLookPlan(port, name, CheckLanguage.DnsTypes[type], expect, warn, crit);
    }

    private List<string> Expected() => values.Many(layers.Find("expect").Node).Select(e => Said(e, "expect")).OfType<string>().ToList();

    private string? Said(string key) => Said(layers.Find(key).Node, key);

    private string? Said(SpecPiece? node, string key)
    {
        if (values.Word(node, SpecText.Key(key)) is not { } text)
        {
            return null;
        }

        var escaped = WireText.Escaped(text);
        if (escaped.Length is 0 or > LongestTalk || SpecWords.Unprintable(escaped) is not null || WireText.Bytes(escaped) is null)
        {
            Problems.Wrong(node!.At, ServiceText.NotBytes(key), ServiceText.BytesRight);
            return null;
        }

        return escaped;
    }

    /// <summary>A range of whole bytes that are right; null where none is written.</summary>
    private string? Size(Clause? expect)
    {
        if (expect?.Find("size") is not { } node || values.Word(node, SpecText.Key("size"), NagiosRangeText.Right) is not { } text)
        {
            return null;
        }

        var fault = NagiosRange.TryParse(text, out var range);
        if (fault != RangeFault.None)
        {
            Problems.Wrong(node.At, ServiceText.BadRange("size", text, NagiosRangeText.Wrong(fault)), NagiosRangeText.Right);
            broken = true;
            return null;
        }

        return range.ToString();
    }
}
