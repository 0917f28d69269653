using Hinoban.Server;

return await CommandTree.RunAsync(args, Surroundings.OfProcess());
