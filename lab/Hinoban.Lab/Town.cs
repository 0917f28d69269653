using Hinoban.Basics;
using Hinoban.Lab.Servers;

namespace Hinoban.Lab;

/// <summary>
/// The demo's world on one machine: a customer with a real web server and a real sshd, a mail relay that keeps what it gets, and the
/// specification that says what is watched and what is done about it. Everything it starts ends with it.
/// </summary>
internal sealed class Town : IAsyncDisposable
{
    private readonly NginxServer web;
    private readonly SshServer? ssh;

    private Town(string folder, NginxServer web, int webPort, SshServer? ssh, MailSink mailbox) =>
        (Folder, this.web, WebPort, this.ssh, Mailbox) = (folder, web, webPort, ssh, mailbox);

    /// <summary>What the town cannot do without; empty if it is there.</summary>
    internal static string Missing => NginxServer.Program is null ? "nginx" : "";

    internal string Folder { get; }

    internal int WebPort { get; }

    /// <summary>Where all mails arrive.</summary>
    internal MailSink Mailbox { get; }

    internal bool WebRuns => web.Running;

    /// <summary>False where OpenSSH's server is not installed: then the runbook cannot log in.</summary>
    internal bool HasSsh => ssh is not null;

    /// <summary>The desk's private key for the customer's server.</summary>
    internal string? IdentityFile => ssh?.IdentityFile;

    internal string SpecFile => Path.Combine(Folder, "specs", "sample-trading.yaml");

    /// <summary>Starts the customer's servers and writes the specification.</summary>
    internal static Town Start(string folder, Language language, TimeProvider clock)
    {
        Directory.CreateDirectory(Path.Combine(folder, "specs"));
        var webPort = Ports.Free();
        var web = new NginxServer(Path.Combine(folder, "web01"), new NginxOptions(webPort) { Page = TownPages.Front });
        if (web.Running)
        {
            // Left behind by a demo that was killed in this folder.
            web.Stop();
        }

        web.Start();
        try
        {
            var ssh = SshServer.Missing.Length == 0 ? SshServer.Start(clock, folder: Fresh(Path.Combine(folder, "sshd"))) : null;
            var town = new Town(folder, web, webPort, ssh, MailSink.Start());
            File.WriteAllText(town.SpecFile, new TownSpec(folder, language, webPort, town.Mailbox.Port, web, ssh?.Plan).Text());
            return town;
        }
        catch
        {
            web.Dispose();
            throw;
        }
    }

    /// <summary>The web server is gone, as after a crash.</summary>
    internal void Break()
    {
        if (web.Running)
        {
            web.Stop();
        }
    }

    /// <summary>The web server runs again.</summary>
    internal void Mend()
    {
        if (!web.Running)
        {
            web.Start();
        }
    }

    private static string Fresh(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        web.Dispose();
        ssh?.Dispose();
        await Mailbox.DisposeAsync();
    }
}
