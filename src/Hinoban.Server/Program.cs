System.Console.WriteLine("hinoban"); return 0;
