using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>A check as one template or host writes it. <see cref="Via"/> is the template's way in, if it names one.</summary>
internal sealed record CheckLayer(SpecScalar Name, SpecMap Map, string? Via);

/// <summary>
/// A check from all that say something about it, the least specific first. A key's value is the most specific one's, whole; below
/// a change of kind the older layers say nothing any more.
/// </summary>
internal sealed class CheckLayers
{
    private readonly IReadOnlyList<CheckLayer> own;
    private readonly SpecMap defaults;

    internal CheckLayers(IReadOnlyList<CheckLayer> layers, SpecMap defaults)
    {
        this.defaults = defaults;
        (Kind, KindAt, own) = KindOf(layers);
    }

    /// <summary>The kind's word as written, or the check's own name where no layer has a kind.</summary>
    internal string Kind { get; }

    internal SpecPlace KindAt { get; }

    /// <summary>What the most specific layer calls it, with its place.</summary>
    internal SpecScalar Name => own[^1].Name;

    internal IReadOnlyList<CheckLayer> Own => own;

    /// <summary>The value with its rank: the greater, the more specific.</summary>
    internal (SpecPiece? Node, int Rank) Find(string key, bool orDefault = false)
    {
        for (var rank = own.Count - 1; rank >= 0; rank--)
        {
            if (own[rank].Map.Find(key) is { IsNull: false } node)
            {
                return (node, rank);
            }
        }

        return orDefault && defaults.Find(key) is { IsNull: false } common ? (common, -1) : (null, -2);
    }

    private static (string Kind, SpecPlace At, IReadOnlyList<CheckLayer> Own) KindOf(IReadOnlyList<CheckLayer> layers)
    {
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            if (layers[i].Map.Find("kind") is SpecScalar { IsNull: false } kind)
            {
                var from = i;
                while (from > 0 && SameKind(layers[from - 1], kind.Text))
                {
                    from--;
                }

                return (kind.Text, kind.At, from == 0 ? layers : [.. layers.Skip(from)]);
            }
        }

        return (layers[0].Name.Text, layers[0].Name.At, layers);
    }

    private static bool SameKind(CheckLayer layer, string kind) =>
        layer.Map.Find("kind") is not SpecScalar { IsNull: false } other || other.Text == kind;
}
