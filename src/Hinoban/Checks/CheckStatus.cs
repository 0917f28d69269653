namespace Hinoban.Checks;

/// <summary>The four plugin states with their exit codes (Nagios Plugin API). For host checks 0 is UP, the rest DOWN.</summary>
internal enum CheckStatus : byte
{
    /// <summary>Exit 0.</summary>
    Ok = 0,

    /// <summary>Exit 1.</summary>
    Warning = 1,

    /// <summary>Exit 2.</summary>
    Critical = 2,

    /// <summary>Exit 3: no value.</summary>
    Unknown = 3,
}
