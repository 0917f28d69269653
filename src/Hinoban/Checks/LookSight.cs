namespace Hinoban.Checks;

/// <summary>How far a look over a connection has come: filled in on the way, so that a look cut short can say where.</summary>
internal abstract class LookSight
{
    /// <summary>A name had to be resolved.</summary>
    internal bool ByName { get; set; }

    /// <summary>Times since the look began; null: not reached.</summary>
    internal TimeSpan? Named { get; set; }

    internal TimeSpan? Connected { get; set; }

    internal TimeSpan? Secured { get; set; }

    internal TimeSpan? FirstByte { get; set; }

    internal TimeSpan Total { get; set; }

    internal ServerCertificate? Certificate { get; set; }
}
