using System.Net.Sockets;
using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;
using Hinoban.Server.Options;
using Hinoban.Server.Roles;
using Hinoban.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hinoban.Server;

/// <summary>A role as a process of its own: takes the data folder, starts, tells where it is, and drains at SIGTERM or SIGINT.</summary>
internal static class ServerProcess
{
    internal static async Task<int> RunAsync(ServerOptions options, Surroundings around, Func<ServerOptions, TimeProvider, DutyLease?, ServerApp> build, CancellationToken cancel, Action<ServerApp>? greet = null)
    {
        var folder = new DataFolder(options.Data);
        try
        {
            if (folder.Make())
            {
                around.Complain(CliText.FolderMade(folder.Path));
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            around.Complain(CliText.FolderWrong(folder.Path, wrong.Message));
            return ExitCode.Configuration;
        }

        IDisposable? held;
        try
        {
            held = folder.Hold();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            around.Complain(CliText.FolderWrong(folder.Path, wrong.Message));
            return ExitCode.Configuration;
        }

        if (held is null)
        {
            around.Complain(CliText.FolderInUse(folder.Path));
            return ExitCode.Configuration;
        }

        using (held)
        {
            return await HeldAsync(options, around, build, cancel, greet);
        }
    }

    private static async Task<int> HeldAsync(
        ServerOptions options, Surroundings around, Func<ServerOptions, TimeProvider, DutyLease?, ServerApp> build, CancellationToken cancel, Action<ServerApp>? greet)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, around.Signals?.Token ?? CancellationToken.None);

        foreach (var note in options.Notes)
        {
            around.Error.WriteLine(note.In(around.Language));
        }

        try
        {
            if (stop.IsCancellationRequested)
            {
                return Stopped(around);
            }

            greet ??= app => Greet(app, options, around);
            if (options.Desk?.Database is { } database)
            {
                return await new DeskShift(options, database, around, build, greet).RunAsync(stop.Token);
            }

            await using var app = build(options, around.Clock, null);
            return stop.IsCancellationRequested
                ? Stopped(around)
                : await RunAsync(app, greet, around, stop.Token);
        }
        catch (SpecificationsWrongException wrong)
        {
            foreach (var problem in wrong.Problems)
            {
                around.Error.WriteLine(problem.In(around.Language));
            }

            return ExitCode.Configuration;
        }
        catch (Exception wrong) when (Explain(wrong, options) is { } why)
        {
            around.Complain(why);
            return ExitCode.Configuration;
        }
    }

    /// <summary>What of the start's failures is the settings' or the machine's; null for a bug of ours, which ends the process loudly.</summary>
    private static Text? Explain(Exception wrong, ServerOptions options) => wrong switch
    {
        SiteKeyWrongException key => key.Why,
        InvalidDataException file => Text.Same(file.Message),
        CryptographicException => CliText.CertificateWrong(wrong.Message),
        SocketException or IOException { InnerException: SocketException or AddressInUseException } or AddressInUseException =>
            CliText.CannotListen((options.Desk?.Listen ?? options.Site?.Listen) is { } at ? $"{at.Host}:{at.Port}" : "", wrong.Message),
        SqliteException file when StorageTrouble.IsBroken(file) => CliText.FileBroken(options.Data, StorageTrouble.Words(file)),
        SqliteException file when StorageTrouble.IsHeld(file) => CliText.FileHeld(options.Data, StorageTrouble.Words(file)),
        SqliteException or IOException or UnauthorizedAccessException => CliText.FolderWrong(options.Data, wrong.Message),
        InvalidOperationException { TargetSite.DeclaringType: var from } when from == typeof(Migrations) => CliText.FolderWrong(options.Desk?.Database?.Place.Name ?? options.Data, wrong.Message),
        NpgsqlException => CliText.DatabaseWrong(options.Desk?.Database?.Place.Name ?? "", StorageTrouble.Words(wrong)),
        _ => null,
    };

    internal static async Task<int> RunAsync(ServerApp app, Action<ServerApp> greet, Surroundings around, CancellationToken stop)
    {
        if (around.Signals is { } signals)
        {
            signals.HangUp = app.Reload;
        }

        // Not to be broken off in the middle: it is short, and a password that was made must be seen.
        await app.StartAsync(CancellationToken.None);
        greet(app);
        around.Out.Flush();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Stopping, app.Ended);
        await Task.Delay(Timeout.InfiniteTimeSpan, around.Clock, either.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        around.Complain(CliText.Draining);
        await app.StopAsync();
        around.Complain(CliText.Stopped);
        return app.Broke ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>Asked to stop before it began.</summary>
    internal static int Stopped(Surroundings around)
    {
        around.Complain(CliText.Stopped);
        return ExitCode.Ok;
    }

    private static void Greet(ServerApp app, ServerOptions options, Surroundings around)
    {
        if (options.Desk is null)
        {
            return;
        }

        around.Say(CliText.Listening(app.Address.ToString()));
        if (app.Fingerprint is { } fingerprint)
        {
            around.Say(CliText.Fingerprint(fingerprint));
        }

        if (app.FirstAdminPassword is { } password)
        {
            around.Say(CliText.FirstAdmin(password));
            return;
        }

        foreach (var waiting in app.Services.GetRequiredService<Accounts>().All().Where(a => a is { Role: Role.Admin, MustChange: true, Disabled: false }))
        {
            around.Complain(CliText.PasswordUnused(waiting.Name, options.Data));
        }
    }
}
