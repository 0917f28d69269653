using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Hinoban.Basics;

namespace Hinoban.Checks.Ssh;

/// <summary>The command line of the OpenSSH client for one target, and the file of its pinned host keys. No secret is on it.</summary>
/// <param name="Name">A short name of this exact way in; files and the control socket are called after it.</param>
/// <param name="KnownHosts">Content of the known-hosts file.</param>
/// <param name="Options">Everything before the destination.</param>
internal sealed partial record SshArguments(string Name, string KnownHosts, IReadOnlyList<string> Options)
{
    /// <summary>Null with the reason if the target is not one that can be logged in to safely.</summary>
    internal static (SshArguments? Arguments, Text? Refused) Of(ShellTarget target, ShellOptions options, TimeSpan timeout)
    {
        var keys = target.Ssh.HostKeys.Select(k => HostKey().Match(k)).ToList();
        if (keys.Count == 0 || keys.Any(k => !k.Success))
        {
            return (null, ShellText.NoHostKey);
        }

        if (!Address().IsMatch(target.Address) || !User().IsMatch(target.Ssh.User) || target.Ssh.Port is < 1 or > 65535)
        {
            return (null, ShellText.BadTarget);
        }

        // The pinned keys and the identity are part of the name: after a change of either, no connection made under the old ones is used.
        var pins = keys.Select(k => k.Groups["key"].Value).Order(StringComparer.Ordinal).ToList();
        var name = Short($"{target.Customer}\n{target.Host}\n{target.Address}\n{target.Ssh.Port}\n{target.Ssh.User}\n{options.IdentityFile}\n{string.Join('\n', pins)}");
        var known = string.Concat(pins.Select(pin => $"{Alias(name)} {pin}\n"));
        return (new SshArguments(name, known, [.. Fixed(name, options), .. OfTarget(target, options, timeout)]), null);
    }

    internal static string Alias(string name) => $"hinoban-{name}";

    internal static string KnownHostsFile(string name) => $"k{name}";

    private static IEnumerable<string> Fixed(string name, ShellOptions options)
    {
        yield return "-F";
        yield return "none";
        yield return "-T";
        yield return "-n";
        foreach (var option in (string[])
        [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=none", "UpdateHostKeys=no", "VerifyHostKeyDNS=no",
            "CheckHostIP=no", "CanonicalizeHostname=no", "ConnectionAttempts=1", "PreferredAuthentications=publickey", "PubkeyAuthentication=yes",
            "PasswordAuthentication=no", "KbdInteractiveAuthentication=no", "GSSAPIAuthentication=no", "HostbasedAuthentication=no",
            "IdentitiesOnly=yes", "IdentityAgent=none", "AddKeysToAgent=no", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes",
            "Tunnel=no", "PermitLocalCommand=no", "EscapeChar=none", "RequestTTY=no", "ServerAliveInterval=5", "ServerAliveCountMax=3",

            // DEBUG2 tells whether the session was asked for and whether the remote exit status arrived; it goes to a file, never into the transcript.
            "LogLevel=DEBUG2",
            "ControlMaster=auto", $"ControlPersist={options.Persist.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}",

            // Relative to the working folder: a socket's path is limited to about 100 bytes, a data folder's is not.
            $"ControlPath=s{name}", $"UserKnownHostsFile={KnownHostsFile(name)}", $"HostKeyAlias={Alias(name)}",
        ])
        {
            yield return "-o";
            yield return option;
        }
    }

    private static IEnumerable<string> OfTarget(ShellTarget target, ShellOptions options, TimeSpan timeout)
    {
        var connect = Math.Max(1, (int)Math.Ceiling(Math.Min(options.ConnectTimeout.TotalSeconds, timeout.TotalSeconds)));
        yield return "-o";
        yield return $"ConnectTimeout={connect.ToString(CultureInfo.InvariantCulture)}";
        if (options.IdentityFile is { } identity)
        {
            // The client expands % in file names.
            yield return "-i";
            yield return Path.GetFullPath(identity).Replace("%", "%%", StringComparison.Ordinal);
        }

        yield return "-p";
        yield return target.Ssh.Port.ToString(CultureInfo.InvariantCulture);
        yield return "-l";
        yield return target.Ssh.User;
    }

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 8);

    /// <summary>Type and key only: a comment or a second line must not reach the file.</summary>
    [GeneratedRegex(@"\A(?<key>[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3})( [^\r\n]*)?\z")]
    private static partial Regex HostKey();

    /// <summary>A name or an address, IPv6 included; nothing that the client would read as user@host or as an option.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9:][A-Za-z0-9.:_-]*\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*\z")]
    private static partial Regex User();
}
