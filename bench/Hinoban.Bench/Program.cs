using Hinoban.Bench;

// One verb a question; each prints its figures as one line of name=value pairs.
return args switch
{
    ["tcp", .. var rest] => await TcpBench.RunAsync(rest),
    ["tcp-sink"] => await TcpBench.SinkAsync(),
    ["desk"] => await DeskBench.RunAsync(),
    ["story", .. var rest] => await StoryBench.RunAsync(rest),
    ["storm", .. var rest] => StormBench.Run(rest),
    ["agent", .. var rest] => await AgentBench.RunAsync(rest),
    ["up", .. var rest] => await UpBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Hinoban.Bench tcp [CHECKS] | desk | story [FOLDER [HOURS [HOSTS [WITHOUT,...]]]] | storm [CAUSE...] | up [SECONDS] | agent [PROGRAM [QUERIES]]");
    return 64;
}
