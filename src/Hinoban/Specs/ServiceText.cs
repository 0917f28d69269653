using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with checks of services, and what would be right.</summary>
internal static class ServiceText
{
    internal static readonly Text TlsRight = new(
        "`tls: starttls` または `tls: direct` を書くか、このキーを省いてください", "write `tls: starttls` or `tls: direct`, or leave this key out");
    internal static readonly Text BytesRight = new(
        @"制御文字は `\r` `\n` `\t`、そのほかのバイトは `\xHH`、`\` 自身は `\\` と書いてください", @"write `\r` `\n` `\t` for these, `\xHH` for any other byte, `\\` for `\` itself");
    internal static readonly Text DnsName = new("問い合わせる名前", "a name to ask for");
    internal static readonly Text DnsNameRight = new(
        "`www.example.jp` のようなDNS名(PTRではIPアドレスも可)を書いてください", "write a DNS name such as `www.example.jp`; for PTR an IP address will do");

    internal static Text NeedsTls(string key) => new($"`{key}` はTLSで接続する監視にだけ書けます", $"`{key}` is for connections with TLS");

    internal static Text NotBytes(string key) => new($"`{key}` に使えない文字またはエスケープがあります", $"`{key}` holds a character or an escape that is none");

    internal static Text BadRange(string key, string text, Text why) => new(
        $"`{key}`: {Shown.As(text)} は使えません({why.Ja})", $"`{key}`: {Shown.As(text)} cannot be used ({why.En})");
}
