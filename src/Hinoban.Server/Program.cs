using Hinoban.Server;
using Hinoban.Server.Verbs;

// Before all else is touched, and on this one thread: a Nagios starts this by the thousand.
return CheckVerb.Is(args) ? CheckVerb.Run(args, System.Console.OpenStandardOutput(), TimeProvider.System) : RunAsync(args).GetAwaiter().GetResult();

static Task<int> RunAsync(string[] args)
{
    var signals = StopSignals.For(args);
    return CommandTree.RunAsync(args, Surroundings.OfProcess() with { Signals = signals });
}
