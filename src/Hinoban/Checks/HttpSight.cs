namespace Hinoban.Checks;

/// <summary>How far an HTTP look has come.</summary>
internal sealed class HttpSight : LookSight
{
    /// <summary>The answer of the last hop.</summary>
    internal HttpAnswerParser Parser { get; set; } = new();

    /// <summary>An answer, be it a redirect's, has been seen: the target spoke.</summary>
    internal bool Spoke { get; set; }

    /// <summary>Redirects followed so far.</summary>
    internal int Redirects { get; set; }

    /// <summary>The address asked last, for texts: <c>http://web01/path</c>.</summary>
    internal string Url { get; set; } = "";
}
