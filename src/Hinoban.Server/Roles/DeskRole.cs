using Hinoban.Checks.Ssh;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.Responding;
using Hinoban.Server.Options;
using Hinoban.Storage;

namespace Hinoban.Server.Roles;

/// <summary>What a role is wired from.</summary>
internal sealed record Ground(ServerOptions Options, DataFolder Folder, TimeProvider Clock, ILoggerFactory Logs)
{
    /// <summary>What the databases of this folder may give up when the disk is full.</summary>
    internal Reserve Reserve { get; } = new(Folder.Path);

    /// <summary>Notices that the folder, or what was opened in it, is not there any more.</summary>
    internal PlaceWatch Place { get; } = new(Folder.Path, Clock, Logs.CreateLogger<PlaceWatch>());

    /// <summary>That this node has the desk; null where nobody else could have it.</summary>
    internal DutyLease? Lease { get; init; }

    /// <summary>The desk's database, brought to this version's schema.</summary>
    internal Db OpenDesk()
    {
        if (Options.Desk!.Database is { } server)
        {
            return Db.OpenServer(server.Place, Lease);
        }

        LostCopies.Take(Folder.DeskFile, Clock, Logs.CreateLogger<PlaceWatch>());
        var db = Db.OpenFile(Folder.DeskFile, SchemaKind.Desk, Reserve, tidied: true);
        Place.Watch(db);
        return db;
    }
}

/// <summary>A desk over its data folder, a real relay and the system's OpenSSH.</summary>
internal static class DeskRole
{
    /// <summary>Throws <see cref="SpecificationsWrongException"/> if there is nothing right to run: neither in the files nor agreed before.</summary>
    internal static DeskParts Wire(Ground ground)
    {
        var (options, _, clock, logs) = ground;
        var desk = options.Desk!;
        var parts = DeskWiring.Wire(new DeskGround(
            ground.OpenDesk(),
            desk.Specs,
            desk.Sites,
            desk.Mail,
            NotifyingSetup.Relay(desk.Mail, clock, logs),
            new OpenSshShell(options.Ssh, clock),
            clock,
            logs,
            ground.Reserve)
        {
            Provider = desk.Provider,
            Language = options.Language,
            Disk = ground.Reserve.Room,
            Place = () => ground.Place.View,
            Carriers = desk.Carriers,
            Peers = desk.Peers,
            Heartbeat = desk.Heartbeat,
            Samples = desk.Samples,
            RemoteWrite = desk.RemoteWrite,
            SecondRelay = desk.Mail.Second is { } second ? NotifyingSetup.Relay(second, clock, logs) : null,
            Inbound = desk.Inbound,
            Pair = desk.Database is { Two: true } ? ground.Lease is { } lease ? lease.Survey : null : null,
        });
        return desk.Inbound is { } inbound && parts.Inbound is { } door
            ? parts with { Runners = [.. parts.Runners, new Runner("inbound", new LmtpServer(inbound, door, MailNames.Domain(desk.Mail.Domain), clock, logs.CreateLogger<LmtpServer>()).RunAsync)] }
            : parts;
    }
}
