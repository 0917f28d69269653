using Hinoban.Basics;
using Hinoban.Console.Parts;
using Hinoban.People;

namespace Hinoban.Console.Shell;

/// <summary>Light, dark, or as the operating system says.</summary>
internal enum Theme
{
    /// <summary>As the operating system says.</summary>
    System,

    /// <summary>Dark on light.</summary>
    Light,

    /// <summary>Light on dark.</summary>
    Dark,
}

/// <summary>Who looks at a page, in which language, zone and theme, and at which instant: filled once per request.</summary>
internal sealed class Viewer
{
    internal const string Scheme = "hinoban";

    internal Actor? Actor { get; set; }

    /// <summary>Signed in with a one-time password: only the account page is open until it is changed.</summary>
    internal bool MustChange { get; set; }

    /// <summary>When the session is over by itself; null if nobody is signed in.</summary>
    internal DateTimeOffset? SignedInUntil { get; set; }

    /// <summary>The signed-in person; pages behind the sign-in only.</summary>
    internal Actor Me => Actor ?? throw new InvalidOperationException("nobody is signed in");

    internal Scope Scope => Me.Scope;

    internal Language Language { get; set; } = Language.Ja;

    internal Theme Theme { get; set; }

    internal TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    internal DateTimeOffset Now { get; set; }

    /// <summary>The antiforgery token that forms send back.</summary>
    internal string FormToken { get; set; } = "";

    /// <summary>Path and query of the page, to come back to.</summary>
    internal string Path { get; set; } = "/";

    internal string T(Text text) => text.In(Language);

    /// <summary>A person's display name in the viewer's language.</summary>
    internal string Who(string displayName) => T(PersonNames.Of(displayName));

    /// <summary>The zone's name, to stand beside times of day.</summary>
    internal string ZoneWord => Times.ZoneWord(Zone, Now);
}
