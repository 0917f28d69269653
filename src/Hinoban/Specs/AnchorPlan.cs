namespace Hinoban.Specs;

/// <summary>
/// A machine outside the site, independent of every customer, whose answer proves that the site's own way out works. With a port it is
/// connected to, without one it is pinged.
/// </summary>
internal sealed record Anchor(string Host, int? Port)
{
    /// <summary>In whose network it is; empty where that is not written.</summary>
    internal string Carrier { get; init; } = "";

    public override string ToString() => Port is null ? Host : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>A site's anchors, and how many of them must answer.</summary>
internal sealed record AnchorPlan(IReadOnlyList<Anchor> Anchors, int Quorum)
{
    internal static AnchorPlan None { get; } = new([], 0);

    /// <summary>Half of them, rounded up: an anchor that fails by itself must not isolate the site.</summary>
    internal static int UsualQuorum(int anchors) => (anchors + 1) / 2;
}
