using Hinoban.Lab.Sim;

return SimMain.Run(args, Console.Out);
