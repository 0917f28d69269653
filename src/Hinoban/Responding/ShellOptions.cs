namespace Hinoban.Responding;

/// <summary>The system's OpenSSH client for first response: program, the desk's private key file, and a folder for pinned host keys and control sockets.</summary>
internal sealed record ShellOptions(string Program, string? IdentityFile, string Folder, TimeSpan ConnectTimeout);
