using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Hinoban.Console.Assets;

/// <summary>Serves the static files: compressed, cached for a year, an unknown hash is 404.</summary>
internal static class AssetEndpoints
{
    internal static void Map(IEndpointRouteBuilder app, AssetSet assets)
    {
        foreach (var file in assets.Files)
        {
            app.MapMethods(file.Url, [HttpMethods.Get, HttpMethods.Head], (HttpContext http) => Serve(http, file)).AllowAnonymous();
        }
    }

    private static IResult Serve(HttpContext http, AssetFile file)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        headers.XContentTypeOptions = "nosniff";
        var brotli = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (brotli)
        {
            headers.ContentEncoding = "br";
        }

        return TypedResults.Bytes(brotli ? file.Brotli : file.Bytes, file.ContentType, entityTag: new EntityTagHeaderValue($"\"{file.Hash}{(brotli ? "-br" : "")}\""));
    }
}
