namespace Hinoban.Console.Assets;

/// <summary>One static file of the console: its address carries the hash of its content, so that it may be cached for ever.</summary>
internal sealed record AssetFile(string Name, string Url, string ContentType, string Hash, byte[] Bytes, byte[] Brotli);
