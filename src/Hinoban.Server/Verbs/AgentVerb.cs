using Hinoban.Basics;
using Hinoban.Checks.Via;
using Hinoban.Specs;

namespace Hinoban.Server.Verbs;

/// <summary>What <c>hinoban spec agent</c> was asked for.</summary>
internal sealed record AgentRequest(string Host, string Path, AgentTerms Terms, bool Nrpe);

/// <summary><c>hinoban spec agent HOST</c>: what a host's agent, or its NRPE daemon, is configured with so that it answers as the specification has it.</summary>
internal static class AgentVerb
{
    private static readonly SiteName[] Shown = [new("tokyo"), new("osaka")];

    /// <summary>0; 64 where a flag is missing; 78 if the specification has mistakes, no such host, or nothing for it to answer.</summary>
    internal static int Run(AgentRequest request, TextWriter output, TextWriter error, Language language)
    {
        var reading = SpecReader.Read([request.Path], SpecOptions.AnySite);
        if (reading.HasErrors)
        {
            SpecVerb.List(error, [.. reading.Problems.Where(p => p.Level == ProblemLevel.Error)], "", language);
            return SpecVerb.Wrong;
        }

        var found = reading.Customers.Select(c => PlanBuilder.Preview(c, Shown)).Where(p => p.Host(request.Host) is not null).ToList();
        if (found is not [var plan])
        {
            error.WriteLine((found.Count == 0 ? AgentVerbText.NoHost(request.Host) : AgentVerbText.SeveralHosts(request.Host)).In(language));
            return SpecVerb.Wrong;
        }

        return request.Nrpe ? Nrpe(plan, request, output, error, language) : Agent(plan, request, output, error, language);
    }

    private static int Agent(CustomerPlan plan, AgentRequest request, TextWriter output, TextWriter error, Language language)
    {
        var items = AgentConfig.Items(plan, request.Host, Via.Agent);
        if (items.Count == 0)
        {
            error.WriteLine(AgentVerbText.Nothing(request.Host, AgentConfig.Items(plan, request.Host, Via.Nrpe).Count > 0).In(language));
            return SpecVerb.Wrong;
        }

        if (request.Terms.Allow.Count == 0 || request.Terms.Sites.Count == 0)
        {
            error.WriteLine(AgentVerbText.WhoMayAsk.In(language));
            return ExitCode.Usage;
        }

        output.WriteLine(AgentConfig.Json(items, plan.Host(request.Host)!.Doors.Agent.Port, request.Terms));
        foreach (var secret in items.Select(i => i.Look).OfType<DatabaseLookPlan>().Where(d => d.Secret is not null).Select(d => d.Secret!).Distinct())
        {
            error.WriteLine(AgentVerbText.Secret(secret).In(language));
        }

        return ExitCode.Ok;
    }

    private static int Nrpe(CustomerPlan plan, AgentRequest request, TextWriter output, TextWriter error, Language language)
    {
        var items = AgentConfig.Items(plan, request.Host, Via.Nrpe);
        foreach (var line in AgentConfig.NrpeLines(items))
        {
            output.WriteLine(line);
        }

        if (items.Count > 0)
        {
            return ExitCode.Ok;
        }

        error.WriteLine(AgentVerbText.Nothing(request.Host, false).In(language));
        return SpecVerb.Wrong;
    }
}

/// <summary>What <c>hinoban spec agent</c> and <c>hinoban site certificate</c> say.</summary>
internal static class AgentVerbText
{
    internal static readonly Text Agent = new(
        "ホストのエージェント(`--nrpe` ならNRPEデーモン)の設定を仕様書から出力します", "Print what a host's agent (with `--nrpe`: its NRPE daemon) is configured with, from the specification");
    internal static readonly Text Host = new("ホスト名(hosts のキー)", "a host's name, as in `hosts`");
    internal static readonly Text Allow = new("監視拠点の接続元アドレスまたはネットワーク", "addresses or networks that the sites come from");
    internal static readonly Text Site = new("監視拠点の証明書のフィンガープリント(`hinoban site certificate` が表示)", "fingerprints of the sites' certificates, as `hinoban site certificate` prints them");
    internal static readonly Text NrpeToo = new("NRPEデーモンの設定行(nrpe.cfg)を出力します", "print lines for an NRPE daemon's nrpe.cfg instead");
    internal static readonly Text Certificate = new(
        "監視拠点がエージェントに示す証明書のフィンガープリントを表示します(なければ作成します)", "Print the fingerprint of the certificate that a site shows to agents; it is made if there is none");
    internal static readonly Text SiteData = new("監視拠点のデータフォルダ(`up` の場合はそのデータフォルダ)", "the site's data folder, or that of `up`");
    internal static readonly Text SiteName = new("監視拠点の名前", "the site's name");
    internal static readonly Text WhoMayAsk = new(
        "だれが問い合わせてよいかを書いてください: --allow 192.0.2.1 --site sha256:…(`hinoban site certificate` が表示します)",
        "Say who may ask: --allow 192.0.2.1 --site sha256:… (as `hinoban site certificate` prints it)");

    internal static Text NoHost(string host) => new($"ホスト {host} はこの仕様書にありません。", $"This specification has no host {host}.");

    internal static Text SeveralHosts(string host) => new($"ホスト {host} は複数のお客様にあります。1社分のファイルを指定してください。", $"Several customers have a host {host}: name the file of one.");

    internal static Text Nothing(string host, bool nrpe) => new(
        $"ホスト {host} には該当する監視項目がありません。{(nrpe ? "NRPEデーモンの設定は --nrpe で出力します。" : "")}",
        $"Nothing is asked of {host} in this way.{(nrpe ? " The lines for its NRPE daemon: --nrpe." : "")}");

    internal static Text Secret(string name) => new(
        $"ホストの /etc/hinoban/secrets/{name} にパスワードを置いてください(エージェントだけが読める権限で)。",
        $"Put the password into /etc/hinoban/secrets/{name} on the host, readable for the agent alone.");
}
