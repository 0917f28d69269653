using Hinoban.Server;

var signals = StopSignals.For(args);
return await CommandTree.RunAsync(args, Surroundings.OfProcess() with { Signals = signals });
