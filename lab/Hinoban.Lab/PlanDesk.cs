using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Lab;

/// <summary>A desk's engine alone, over a real database file and a plan that needs no specification; nothing runs by itself.</summary>
internal sealed class PlanDesk : IDisposable
{
    internal PlanDesk(string folder, DeskPlan plan, MailOptions mail, TimeProvider clock, Action mailQueued)
        : this(Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk), plan, mail, clock, mailQueued)
    {
    }

    /// <summary>Over a database that is this desk's from now on.</summary>
    internal PlanDesk(Db db, DeskPlan plan, MailOptions mail, TimeProvider clock, Action mailQueued)
    {
        Db = db;
        Stores = new DeskStores(new IncidentStore(), new StateStore(), new CursorStore(), new SampleStore(), new OutboxStore(), mail);
        Engine = new DeskEngine(Db, clock, Stores, new DeskChanges(), mailQueued, NullLogger<DeskEngine>.Instance);
        Engine.Start(plan);
    }

    internal Db Db { get; }

    internal DeskStores Stores { get; }

    internal DeskEngine Engine { get; }

    public void Dispose() => Db.Dispose();
}
