using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Console.Assets;

/// <summary>The static files embedded in this assembly at build time.</summary>
internal sealed class AssetSet
{
    private readonly FrozenDictionary<string, AssetFile> files;

    internal AssetSet()
    {
        files = new[] { "console.css", "console.js", "theme.js", "favicon.svg", "favicon-alert.svg" }
            .Select(Load)
            .ToFrozenDictionary(f => f.Name);
        Sprite = Encoding.UTF8.GetString(Read("icons.svg"));
    }

    /// <summary>The symbols of all icons in use; trusted markup, put into each page once.</summary>
    internal string Sprite { get; }

    internal IEnumerable<AssetFile> Files => files.Values;

    internal string Url(string name) => files[name].Url;

    private static AssetFile Load(string name)
    {
        var bytes = Read(name);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        var extension = Path.GetExtension(name);
        var type = extension switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        return new AssetFile(name, $"/assets/{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}", type, hash, bytes, Read(name + ".br"));
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(AssetSet).Assembly.GetManifestResourceStream("console/" + name)
            ?? throw new InvalidOperationException($"the console was built without {name}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
