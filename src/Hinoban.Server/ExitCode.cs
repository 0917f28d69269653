namespace Hinoban.Server;

/// <summary>What <c>hinoban</c> ends with (sysexits.h where it has a number).</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped by a signal after draining.</summary>
    internal const int Ok = 0;

    /// <summary>It was asked rightly and could not be done.</summary>
    internal const int Failed = 1;

    /// <summary>EX_USAGE: the command line is wrong.</summary>
    internal const int Usage = 64;

    /// <summary>EX_CONFIG: a setting or a specification is wrong.</summary>
    internal const int Configuration = 78;
}
