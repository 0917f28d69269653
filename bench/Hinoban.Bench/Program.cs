using Hinoban.Bench;

// One verb a question; each prints its figures as one line of name=value pairs.
return args switch
{
    ["tcp", .. var rest] => await TcpBench.RunAsync(rest),
    [Sink.Verb] => await Sink.ServeAsync(),
    ["desk"] => await DeskBench.RunAsync(),
    ["story", .. var rest] => await StoryBench.RunAsync(rest),
    ["storm", .. var rest] => StormBench.Run(rest),
    ["samples", .. var rest] => SamplesBench.Run(rest),
    ["pages"] => await PagesBench.RunAsync(),
    ["agent", .. var rest] => await AgentBench.RunAsync(rest),
    ["agentlog", .. var rest] => await AgentLogBench.RunAsync(rest),
    ["up", .. var rest] => await UpBench.RunAsync(rest),
    ["scale", .. var rest] => await ScaleBench.RunAsync(rest),
    ["nagios", .. var rest] => await NagiosBench.RunAsync(rest),
    ["plugin", .. var rest] => await PluginBench.RunAsync(rest),
    [PluginBench.Verb, .. var rest] => await PluginBench.ServeAsync(rest),
    ["memory", .. var rest] => MemoryBench.Run(rest),
    ["due", .. var rest] => DueBench.Run(rest),
    ["start", .. var rest] => await StartBench.RunAsync(rest),
    ["http", .. var rest] => await HttpBench.RunAsync(rest),
    ["checkstart", .. var rest] => await CheckStartBench.RunAsync(rest),
    ["ping", .. var rest] => await PingBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Hinoban.Bench tcp [CHECKS] | desk | story [FOLDER [HOURS [HOSTS [WITHOUT,...]]]] | storm [CAUSE...] | samples [DAYS] | pages | up [SECONDS] | agent [PROGRAM [QUERIES]] | agentlog [PROGRAM [MIB]] | scale [SERVICES [SECONDS [DEAD]]] | nagios [SECONDS] | plugin [SECONDS [ROUNDS]] | memory [SERVICES] | due [ITEMS] | start [SERVICES] | http [PER_SECOND [SECONDS]] | checkstart [RUNS [PROGRAM]] | ping [HOSTS [SECONDS [PACKETS]]]");
    return 64;
}
