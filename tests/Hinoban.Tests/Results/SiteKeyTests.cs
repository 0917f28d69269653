using System.Security.Cryptography;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Results;
using Hinoban.Server.Verbs;
using Hinoban.Storage;

namespace Hinoban.Tests.Results;

/// <summary>The key file and the verb that makes it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SiteKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-key-").FullName;
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private string Out => Path.Combine(folder, "tokyo.key");

    private SiteKeyRequest Request => new("tokyo", Desk, Path.Combine(folder, "desk.pem"), Out);

    private Db Desk() => Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_key_is_made_registered_and_readable_by_its_owner_only()
    {
        Assert.Equal(0, Make(Request));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Out));
        var file = SiteKeyFile.Load(Out);
        Assert.Equal(("tokyo", null), (file.Site.Value, file.DeskFingerprint));
        using var db = Desk();
        var keys = new SiteKeyStore(db, TimeProvider.System);
        using var mine = file.OpenKey();
        var registered = keys.Find(file.Site, SiteSignature.KeyId(SiteSignature.Fingerprint(mine)))!;
        var claim = SiteSignature.Sign(mine, file.Site, "GET", "/", [], 1, "nonce");
        Assert.True(SiteSignature.Verify(registered, claim, "GET", "/", []));
    }

    [Fact]
    public void No_output_and_no_print_shows_the_private_key()
    {
        Assert.Equal(0, Make(Request));
        var file = SiteKeyFile.Load(Out);
        var secret = file.PrivateKey.Reveal().Split('\n')[1];
        // JSON writes '+' of base 64 as an escape: compare in its own spelling.
        var written = JsonEncodedText.Encode(secret).ToString();
        Assert.Contains(written, File.ReadAllText(Out), StringComparison.Ordinal);
        var shown = $"{output}{error}{file}{JsonSerializer.Serialize(file)}";
        Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(written, shown, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_not_overwritten_and_nothing_is_registered()
    {
        File.WriteAllText(Out, "precious");
        Assert.Equal(1, Make(Request));
        Assert.Equal("precious", File.ReadAllText(Out));
        Assert.Contains(Out, error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "desk.db")));
    }

    [Fact]
    public void The_desks_own_certificate_is_pinned()
    {
        using var made = LabCertificate.Make("desk");
        File.WriteAllText(Request.Certificate, made.ExportCertificatePem());
        var fingerprint = made.GetCertHashString(HashAlgorithmName.SHA256);
        Assert.Equal(0, Make(Request));
        Assert.Equal(fingerprint, SiteKeyFile.Load(Out).DeskFingerprint, ignoreCase: true);
        Assert.Equal(0, Make(Request with { Out = Out + "2", Fingerprint = "none" }));
        Assert.Null(SiteKeyFile.Load(Out + "2").DeskFingerprint);
        var spaced = string.Join(':', fingerprint.Chunk(2).Select(c => new string(c)));
        Assert.Equal(0, Make(Request with { Out = Out + "3", Fingerprint = spaced }));
        Assert.Equal(fingerprint.ToLowerInvariant(), SiteKeyFile.Load(Out + "3").DeskFingerprint);
    }

    [Theory]
    [InlineData("", "auto")]
    [InlineData("Tokyo", "auto")]
    [InlineData("../tokyo", "auto")]
    [InlineData("-x", "auto")]
    [InlineData("to\nkyo", "auto")]
    [InlineData("tokyo", "12:34")]
    public void Wrong_usage_makes_nothing(string name, string fingerprint)
    {
        Assert.Equal(64, Make(Request with { Name = name, Fingerprint = fingerprint }));
        Assert.False(File.Exists(Out));
        Assert.NotEmpty(error.ToString());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said()
    {
        Assert.Equal(78, Make(Request with { Out = Path.Combine(folder, "missing", "tokyo.key") }));
        Assert.NotEmpty(error.ToString());
    }

    [Fact]
    public void Revoking_works_once()
    {
        Assert.Equal(0, Make(Request));
        Assert.Equal(0, SiteKeyVerb.Revoke("tokyo", Desk, "", Language.Ja, output, error, TimeProvider.System));
        Assert.Equal(1, SiteKeyVerb.Revoke("tokyo", Desk, "", Language.Ja, output, error, TimeProvider.System));
        Assert.Contains("失効", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"site":"tokyo","privateKey":"secret-but-wrong"}""")]
    [InlineData("""{"site":"tokyo","privateKey":"-----BEGIN PRIVATE KEY-----\nsecretsecret\n-----END PRIVATE KEY-----"}""")]
    public void A_file_that_is_no_key_is_refused_without_quoting_it(string content)
    {
        File.WriteAllText(Out, content);
        File.SetUnixFileMode(Out, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var refused = Assert.Throws<InvalidDataException>(() => SiteKeyFile.Load(Out));
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        Assert.Equal(0, Make(Request));
        File.SetUnixFileMode(Out, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => SiteKeyFile.Load(Out)).Message, StringComparison.Ordinal);
    }

    private int Make(SiteKeyRequest request) => SiteKeyVerb.Make(request, Language.En, output, error, TimeProvider.System);
}
