using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Server.Verbs;

/// <summary>What <c>hinoban site key</c> was asked for, paths resolved.</summary>
/// <param name="Name">The site.</param>
/// <param name="Desk">Opens the desk's database.</param>
/// <param name="Certificate">Where the desk's own certificate lies (PEM), whether or not it exists yet.</param>
/// <param name="Out">The key file to write; must not exist.</param>
/// <param name="Fingerprint"><c>auto</c>: the desk's own certificate if there is one; <c>none</c>; or SHA-256 in hex.</param>
internal sealed record SiteKeyRequest(string Name, Func<Db> Desk, string Certificate, string Out, string Fingerprint = "auto");

/// <summary>
/// <c>hinoban site key</c>: makes a site's key, writes its private half to a file and registers its public half with the desk. Works beside
/// a running desk, which takes the key within seconds.
/// </summary>
internal static class SiteKeyVerb
{
    private const int Ok = 0;
    private const int Failed = 1;
    private const int Usage = 64;
    private const int Configuration = 78;

    internal static int Make(SiteKeyRequest request, Language language, TextWriter output, TextWriter error, TimeProvider clock)
    {
        if (!SiteKeyFile.IsSiteName(request.Name))
        {
            return Say(error, SiteKeyText.NameWrong(request.Name), language, Usage);
        }

        var pin = Pin(request);
        if (pin.Wrong is not null)
        {
            return Say(error, pin.Wrong, language, Usage);
        }

        if (File.Exists(request.Out))
        {
            return Say(error, SiteKeyText.Exists(request.Out), language, Failed);
        }

        try
        {
            var key = SiteKeyFile.Make(new SiteName(request.Name), pin.Fingerprint);
            var fingerprint = Register(request.Desk, key, clock);
            key.Save(request.Out);
            Say(output, SiteKeyText.Made(request.Name, request.Out, fingerprint), language, Ok);
            return Say(output, pin.Fingerprint is { } f ? SiteKeyText.Pinned(f) : SiteKeyText.NotPinned, language, Ok);
        }
        catch (DeskLostException lost)
        {
            return Say(error, lost.Why, language, Configuration);
        }
        catch (Exception wrong) when (DeskOpening.IsTrouble(wrong))
        {
            return Say(error, SiteKeyText.Failed(wrong.Message), language, Configuration);
        }
    }

    /// <summary><c>hinoban site revoke</c>: the site's keys, or the one whose fingerprint begins so, are valid no more.</summary>
    internal static int Revoke(string name, Func<Db> desk, string fingerprint, Language language, TextWriter output, TextWriter error, TimeProvider clock)
    {
        using var db = desk();
        var revoked = db.Write(tx => new SiteKeyStore(db, clock).Revoke(tx, new SiteName(name), fingerprint, clock.GetUtcNow()));
        return revoked > 0
            ? Say(output, SiteKeyText.Revoked(name, revoked), language, Ok)
            : Say(error, SiteKeyText.NoSuchKey(name), language, Failed);
    }

    private static string Register(Func<Db> desk, SiteKeyFile file, TimeProvider clock)
    {
        using var db = desk();
        using var key = file.OpenKey();
        db.Write(tx => new SiteKeyStore(db, clock).Add(tx, file.Site, key, clock.GetUtcNow()));
        return SiteSignature.Fingerprint(key);
    }

    private static (string? Fingerprint, Text? Wrong) Pin(SiteKeyRequest request)
    {
        switch (request.Fingerprint)
        {
            case "none":
                return (null, null);
            case "auto":
                return (File.Exists(request.Certificate) ? OfCertificate(request.Certificate) : null, null);
            default:
                return SiteKeyFile.NormalFingerprint(request.Fingerprint) is { } given ? (given, null) : (null, SiteKeyText.FingerprintWrong);
        }
    }

    private static string OfCertificate(string path)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        return CertificatePrint.Of(certificate);
    }

    private static int Say(TextWriter writer, Text text, Language language, int exit)
    {
        writer.WriteLine(text.In(language));
        return exit;
    }
}
