using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>The plan that a site works by, kept beside its spool for a start without the desk.</summary>
internal sealed class SpoolPlan(Db db)
{
    private byte[]? saved;

    internal void Save(SitePlan plan)
    {
        var body = OrderCodec.PackPlan(plan);
        if (saved is null || !saved.AsSpan().SequenceEqual(body))
        {
            db.Write(tx => SpoolStore.SavePlan(tx, body));
            saved = body;
        }
    }

    /// <summary>Null if there is none yet, or if another version wrote it in a form that this one cannot read.</summary>
    internal SitePlan? Load() => db.Read(SpoolStore.LoadPlan) is { } body ? OrderCodec.UnpackPlan(body) : null;
}
