namespace Hinoban.Checks.Ssh;

/// <summary>The system's OpenSSH client, for first response and for looks: program, the caller's private key file, and a folder for pinned host keys and control sockets.</summary>
internal sealed record ShellOptions(string Program, string? IdentityFile, string Folder, TimeSpan ConnectTimeout)
{
    /// <summary>How long an idle connection waits for the next command.</summary>
    internal TimeSpan Persist { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A command's complaints are part of what it said, as an operator would see them; a plugin's are not.</summary>
    internal bool WithErrors { get; init; } = true;
}
