using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Server.Options;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Server.Roles;

/// <summary>Puts the desk together: the composition root, to be read from top to bottom.</summary>
internal static class DeskRole
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Throws <see cref="SpecificationsWrongException"/> if there is nothing right to run: neither in the files nor agreed before.</summary>
    internal static DeskParts Wire(Ground ground)
    {
        var (options, folder, clock, logs) = ground;
        var desk = options.Desk!;
        var db = Db.OpenFile(folder.DeskFile, SchemaKind.Desk);

        var stores = new DeskStores(
            new IncidentStore(), new StateStore(), new CursorStore(), new SampleStore(), new OutboxStore(), desk.Mail);
        var changes = new DeskChanges();
        OutboxPump? mail = null;
        var engine = new DeskEngine(db, clock, stores, changes, () => mail?.Signal(), logs.CreateLogger<DeskEngine>());
        mail = NotifyingSetup.Pump(db, desk.Mail, clock, engine.Settled, logs);

        var commands = new RunningCommands(new OpenSshShell(desk.Ssh, clock), clock);
        var steps = new StepFlow(engine, db, stores, commands, clock, logs.CreateLogger<StepFlow>(), commands.Cut);

        var specs = Specs(ground, db, engine);
        engine.Start(specs.Start());
        steps.SettleInterrupted();

        var duty = new DeskDuty(engine, clock, logs.CreateLogger<DeskDuty>());
        var samples = new SampleDuty(db, stores.Samples, clock, logs.CreateLogger<SampleDuty>());
        return new DeskParts(
            db,
            new Accounts(db),
            new DeskQueries(engine, db, stores, clock),
            new DeskCommands(engine, db, stores, steps),
            changes,
            engine,
            new SiteKeyStore(db, clock),
            [
                new Runner("mail", mail.RunAsync),
                new Runner("review", duty.RunAsync),
                new Runner("specifications", specs.RunAsync),
                new Runner("samples", samples.RunAsync),
                new Runner("commands", commands.DrainAsync),
            ])
        {
            Ailment = _ => Ailment(db),
            Reload = () => specs.ReloadNow(),
            MailTrouble = mail.Trouble,
        };
    }

    private static SpecDuty Specs(Ground ground, Db db, DeskEngine engine)
    {
        var desk = ground.Options.Desk!;
        return new SpecDuty(new EditionDesk(db, desk.Sites, desk.Mail.DeskMailbox.Length > 0), desk.Specs, engine.Swap, ground.Clock, ground.Logs);
    }

    // Everything the desk does passes the writer's gate: whoever cannot get it in this time will not see the desk do anything.
    private static string? Ailment(Db db)
    {
        if (!db.Gate.TryEnter(Patience))
        {
            return $"The engine has been busy for more than {Patience.TotalSeconds:0} s.";
        }

        db.Gate.Exit();
        return null;
    }
}
