using System.Text.Json;
using System.Text.RegularExpressions;
using Hinoban.Basics;
using Hinoban.Flow;
using Microsoft.AspNetCore.Http.Features;

namespace Hinoban.Server.Endpoints;

/// <summary>Reads a request's JSON object; says which field is unknown, missing or wrong.</summary>
internal static partial class ApiBody
{
    /// <summary>Reports and notes are prose: nothing real comes near this.</summary>
    internal const int Limit = 256 * 1024;

    /// <summary>Reads the body, commands, and answers with what is there then.</summary>
    internal static async Task<IResult> CommandAsync<TBody>(HttpContext http, Func<TBody, Task<CommandOutcome>> command, Func<IResult> answer)
        where TBody : class
    {
        var (body, problem) = await ReadAsync<TBody>(http);
        if (body is null)
        {
            return problem!;
        }

        var outcome = await command(body);
        return outcome.Refusal is { } refusal ? Problems.Of(http, refusal, outcome) : answer();
    }

    /// <summary>A value or a problem, never both. An absent body is read as <c>{}</c>.</summary>
    internal static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(HttpContext http)
        where T : class
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = Limit;
        }

        try
        {
            using var buffer = new MemoryStream();
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
            if (buffer.Length == 0)
            {
                return (JsonSerializer.Deserialize<T>("{}", ApiJson.Options), null);
            }

            if (!http.Request.HasJsonContentType())
            {
                return (null, Problems.Of(http, StatusCodes.Status415UnsupportedMediaType, "unsupported-type", ApiText.UnsupportedType, ApiText.NotJson));
            }

            var value = JsonSerializer.Deserialize<T>(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), ApiJson.Options);
            return value is null ? (null, Problems.Invalid(http, ApiText.NotJson)) : (value, null);
        }
        catch (JsonException wrong)
        {
            return (null, Problems.Invalid(http, Explain(wrong)));
        }
        catch (BadHttpRequestException wrong) when (wrong.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Problems.Of(http, wrong.StatusCode, "too-large", ApiText.TooLarge, ApiText.TooLargeDetail(Limit)));
        }
        catch (BadHttpRequestException)
        {
            return (null, Problems.Invalid(http, ApiText.BadBody));
        }
    }

    // The serializer tells the field in its message only; its wording about our types is not for callers.
    private static Text Explain(JsonException wrong)
    {
        if (Unmapped().Match(wrong.Message) is { Success: true } unknown)
        {
            return ApiText.UnknownField(unknown.Groups[1].Value);
        }

        if (Twice().Match(wrong.Message) is { Success: true } twice)
        {
            return ApiText.FieldTwice(twice.Groups[1].Value);
        }

        if (Missing().Match(wrong.Message) is { Success: true } missing)
        {
            return ApiText.MissingField(missing.Groups[1].Value);
        }

        return wrong.Path is { Length: > 2 } path ? ApiText.WrongField(path[2..]) : ApiText.BadJson;
    }

    [GeneratedRegex("JSON property '(.*?)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("[Dd]uplicate property '(.*?)'")]
    private static partial Regex Twice();

    [GeneratedRegex("missing required properties including: '(.*?)'")]
    private static partial Regex Missing();
}
