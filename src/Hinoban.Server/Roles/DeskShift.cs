using System.Data.Common;
using Hinoban.Basics;
using Hinoban.Server.Endpoints;
using Hinoban.Server.Options;
using Hinoban.Storage;
using Npgsql;

namespace Hinoban.Server.Roles;

/// <summary>
/// A desk node over a database that others can reach too: stands by until the desk is its own, then runs it until it is told to stop or the desk is
/// lost. What is lost is begun anew as after a restart, with everything read from the database: nothing in memory outlives a doubt.
/// </summary>
internal sealed class DeskShift(
    ServerOptions options,
    DatabaseOptions database,
    Surroundings around,
    Func<ServerOptions, TimeProvider, DutyLease?, ServerApp> build,
    Action<ServerApp> greet)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    // Signing in or the database itself: waiting mends neither.
    private static readonly string[] Hopeless = ["28", "3D", "42"];

    // Asked once, at the process's start: after a failover there may be no standby for a while, and the desk must go on all the same.
    private bool surveyed;

    private readonly DeskNode node = new($"{database.Node}/{new DataFolder(options.Data).Mark()}", database.Url);
    private string said = "";
    private TimeSpan? stoodBy;

    internal async Task<int> RunAsync(CancellationToken stop)
    {
        SqlTypes.Register();
        using var dialect = new PostgresDialect(database.Place);
        while (true)
        {
            var (lease, standby, refused) = await StandByAsync(dialect, stop);
            await using (standby)
            {
                if (refused is not null)
                {
                    around.Complain(refused);
                    return ExitCode.Configuration;
                }

                if (lease is null)
                {
                    return ServerProcess.Stopped(around);
                }
            }

            using (lease)
            {
                if (await ServeAsync(lease, stop) is { } exit)
                {
                    return exit;
                }
            }

            around.Complain(StandbyText.Lost);
        }
    }

    /// <summary>Until the desk is ours (a lease), we are told to stop (nothing), or it never will be (why not).</summary>
    private async Task<(DutyLease? Lease, StandbyApp? Standby, Text? Refused)> StandByAsync(PostgresDialect dialect, CancellationToken stop)
    {
        StandbyApp? standby = null;
        var began = Moment.MonoOf(around.Clock);
        while (!stop.IsCancellationRequested)
        {
            var (lease, holder, refused) = TryTake(dialect, Moment.MonoOf(around.Clock) - began);
            if (lease is not null || refused is not null)
            {
                return (lease, standby, refused);
            }

            standby ??= await StandbyApp.StartAsync(options, around.Clock);
            standby.Holder = holder;
            await Task.Delay(AskEvery, around.Clock, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return (null, standby, null);
    }

    private (DutyLease? Lease, LeaseView? Holder, Text? Refused) TryTake(PostgresDialect dialect, TimeSpan waited)
    {
        try
        {
            if (Refusal(dialect) is { } refused)
            {
                return (null, null, refused);
            }

            var lease = DutyLease.Take(dialect, node, around.Clock, out var holder);
            if (lease is not null)
            {
                Say(StandbyText.Taken);
                if (database.Two && ServerSurvey.Of(dialect).Count > 0)
                {
                    Say(StandbyText.NoStandbyWarning);
                }

                return (lease, null, null);
            }

            StandBy(dialect);
            Say(holder is null ? StandbyText.HeldByNobody : StandbyText.HeldBy(DeskNode.NameOf(holder.Holder), holder.Address));
            var alone = !database.Two && waited > DutyLease.Lasts + AskEvery + AskEvery;
            return (null, holder, alone && holder is not null ? StandbyText.OtherHasIt(DeskNode.NameOf(holder.Holder), holder.Address) : null);
        }
        catch (PostgresException hopeless) when (Hopeless.Contains(hopeless.SqlState[..2]))
        {
            return (null, null, CliText.DatabaseWrong(database.Place.Name, StorageTrouble.Words(hopeless)));
        }
        catch (DbException away)
        {
            Say(StandbyText.Waits($"{database.Place.Name}: {StorageTrouble.Words(away)}"));
            return (null, null, null);
        }
    }

    // The node that has the desk alarms when nobody says this any more.
    private void StandBy(PostgresDialect dialect)
    {
        var now = Moment.MonoOf(around.Clock);
        if (database.Two && (stoodBy is not { } before || now - before >= DutyLease.StandByEvery))
        {
            stoodBy = now;
            DutyLease.StandBy(dialect, node, around.Clock);
        }
    }

    private Text? Refusal(PostgresDialect dialect)
    {
        if (surveyed)
        {
            return null;
        }

        var wrong = ServerSurvey.Of(dialect);
        surveyed = true;
        if (wrong.Count > 0 && database.Two)
        {
            return StandbyText.TwoNodesNeed(wrong);
        }

        if (wrong.Count > 0)
        {
            around.Complain(StandbyText.NoStandbyWarning);
        }

        return null;
    }

    /// <summary>The exit code, or null if the desk was lost.</summary>
    private async Task<int?> ServeAsync(DutyLease lease, CancellationToken stop)
    {
        var keeping = lease.KeepApart(away => Say(StandbyText.Waits($"{database.Place.Name}: {StorageTrouble.Words(away)}")));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
        try
        {
            await using var app = build(options, around.Clock, lease);
            var exit = either.IsCancellationRequested ? ServerProcess.Stopped(around) : await ServerProcess.RunAsync(app, greet, around, either.Token);
            var lost = !stop.IsCancellationRequested && (lease.Lost.IsCancellationRequested || app.Ended.IsCancellationRequested);
            return lost ? null : exit;
        }
        catch (Exception trouble) when (StorageTrouble.Is(trouble) && !stop.IsCancellationRequested)
        {
            Say(StandbyText.Waits($"{database.Place.Name}: {StorageTrouble.Words(trouble)}"));
            return null;
        }
        finally
        {
            keeping.Dispose();
            LetGo(lease);
        }
    }

    private static void LetGo(DutyLease lease)
    {
        try
        {
            lease.Release();
        }
        catch (DbException)
        {
        }
    }

    // Each thing once, not once a second.
    private void Say(Text text)
    {
        if (text.En != said)
        {
            said = text.En;
            around.Complain(text);
        }
    }
}
