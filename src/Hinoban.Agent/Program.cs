using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hinoban.Agent.Logs;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent;

/// <summary>The program: serves, or does one of the small things that its setting up needs.</summary>
internal static class Program
{
    private const int Usage = 64;
    private const int BadConfiguration = 78;
    private const string Standard = "/etc/hinoban/agent.json";
    private const string Help = """
        hinoban-agent [--config FILE] [VERB]
          serve             answers the sites (the verb that is meant if none is given)
          verify            reads the configuration and prints everything that is wrong with it
          check NAME        carries out one command of the configuration now, prints as a Nagios plugin does, exits with its status
          certificate       makes agent.pem and agent.key beside the configuration if they are not there; prints what sites are to pin
          version
        The configuration is /etc/hinoban/agent.json unless told otherwise; `hinoban spec agent HOST` writes it.
        """;

    private static async Task<int> Main(string[] args)
    {
        var file = Standard;
        if (args is ["--config", var named, ..])
        {
            (file, args) = (named, args[2..]);
        }

        switch (args)
        {
            case [] or ["serve"]:
                return await ServeAsync(file);
            case ["verify"]:
                return Load(file) is null ? BadConfiguration : 0;
            case ["check", var name]:
                return await CheckAsync(file, name);
            case ["certificate"]:
                return Certificate(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/");
            case ["version" or "--version"]:
                Console.WriteLine($"hinoban-agent {Answers.Version}");
                return 0;
            case ["help" or "--help" or "-h"]:
                Console.WriteLine(Help);
                return 0;
            default:
                Console.Error.WriteLine($"hinoban-agent does not know: {string.Join(' ', args)}\n{Help}");
                return Usage;
        }
    }

    private static async Task<int> ServeAsync(string file)
    {
        var clock = TimeProvider.System;
        var log = new AgentLog(Console.Error, clock);
        if (Load(file) is not { } loaded)
        {
            return BadConfiguration;
        }

        var limits = new ServingLimits();
        await using var logs = new LogWatch(loaded.Plan, new LogSetting(loaded.Plan.Data, clock, log));
        var answers = new Answers(new Commands(Roots.System, clock, log, logs), limits.Together);
        await using var server = new Server(loaded.Plan, loaded.Tls, answers, limits, clock, log);
        try
        {
            server.Start();
        }
        catch (SocketException taken)
        {
            log.Fail($"listen: {string.Join(", ", loaded.Plan.Listen)}: {taken.Message}");
            return 1;
        }

        var ended = new TaskCompletionSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Reload(file, loaded.Plan, server, logs, log);
        });
        log.Note($"hinoban-agent {Answers.Version} answers at {string.Join(", ", server.Ends)}, {loaded.Plan.Commands.Count} commands{(loaded.Plan.Tls.Anybody ? "; whoever comes from an allowed address may ask (tls.clients is \"any\")" : "")}");
        await ended.Task;
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.TrySetResult();
        }
    }

    private static void Reload(string file, AgentPlan before, Server server, LogWatch logs, AgentLog log)
    {
        if (Load(file) is not { } read)
        {
            log.Fail($"{file} is not taken over: what was read before stays in force");
            return;
        }

        server.Swap(read.Plan, read.Tls);
        logs.Swap(read.Plan);
        log.Note($"{file} is in force, {read.Plan.Commands.Count} commands");
        if (!read.Plan.Listen.SequenceEqual(before.Listen) || read.Plan.Data != before.Data)
        {
            log.Warn("", "listen or data has changed: that takes a restart");
        }
    }

    private static async Task<int> CheckAsync(string file, string name)
    {
        var (plan, problems) = ConfigReader.ReadFile(file);
        if (plan is null)
        {
            Tell(file, problems);
            return (int)CheckStatus.Unknown;
        }

        var answers = new Answers(new Commands(Roots.System, TimeProvider.System, new AgentLog(Console.Error, TimeProvider.System)), 1);
        var (answer, _) = await answers.OneAsync(name, plan, CancellationToken.None);
        Console.WriteLine(answer.Printed);
        return (int)answer.Status;
    }

    private static int Certificate(string folder)
    {
        try
        {
            Console.WriteLine(OwnCertificate.Ensure(Path.Combine(folder, "agent.pem"), Path.Combine(folder, "agent.key"), Environment.MachineName, TimeProvider.System.GetUtcNow()));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Console.Error.WriteLine($"{folder}: {failure.Message}");
            return 1;
        }
    }

    private static (AgentPlan Plan, SiteTls Tls)? Load(string file)
    {
        var (plan, problems) = ConfigReader.ReadFile(file);
        if (plan is not null)
        {
            if (SiteTls.Load(plan.Tls, out var whyNot) is { } tls)
            {
                Pattern.Tidy();
                return (plan, tls);
            }

            problems = [whyNot];
        }

        Tell(file, problems);
        return null;
    }

    private static void Tell(string file, IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine($"<3>{file}: {problem}");
        }
    }
}
