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
    ["up", .. var rest] => await UpBench.RunAsync(rest),
    ["scale", .. var rest] => await ScaleBench.RunAsync(rest),
    ["nagios", .. var rest] => await NagiosBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Hinoban.Bench tcp [CHECKS] | desk | story [FOLDER [HOURS [HOSTS [WITHOUT,...]]]] | storm [CAUSE...] | samples [DAYS] | pages | up [SECONDS] | agent [PROGRAM [QUERIES]] | scale [SERVICES [SECONDS [DEAD]]] | nagios [SECONDS]");
    return 64;
}
