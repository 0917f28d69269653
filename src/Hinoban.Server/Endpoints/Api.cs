using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hinoban.Server.Endpoints;

/// <summary>The JSON API under <c>/api/v1</c>: its services, its rules for all routes, its document.</summary>
internal static class Api
{
    internal const string Root = "/api/v1";

    internal static void AddServices(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configured(json.SerializerOptions));
        services.AddSingleton<BadTokens>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.SchemeName, null);
        services.AddAuthorization();
        services.AddOpenApi("v1", document =>
        {
            document.ShouldInclude = route => route.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            document.AddOperationTransformer(DescribeBody);
            document.AddDocumentTransformer((doc, _, _) =>
            {
                doc.Info = new OpenApiInfo
                {
                    Title = "Hinoban",
                    Version = "v1",
                    Description = "Monitoring and first response. snake_case JSON, durations in seconds, instants in UTC, errors as RFC 9457 problem details.",
                };
                doc.Servers?.Clear();
                doc.Components ??= new OpenApiComponents();
                doc.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [BearerTokens.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token made by 'hinoban token add'" },
                };
                doc.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerTokens.SchemeName, doc)] = [] }];
                return Task.CompletedTask;
            });
        });
    }

    internal static void Map(WebApplication app)
    {
        var api = app.MapGroup(Root).RequireAuthorization(Policy());
        api.AddEndpointFilter(Command);
        IncidentEndpoints.Map(api);
        WatchEndpoints.Map(api);
        SilenceEndpoints.Map(api);
        PostEndpoints.Map(api);
        MaintenanceEndpoints.Map(api);
        app.MapOpenApi(Root + "/openapi.json").AllowAnonymous();
    }

    internal static AuthorizationPolicy Policy() => new AuthorizationPolicyBuilder(BearerTokens.SchemeName)
        .RequireAssertion(c => Principals.ActorOf(c.User) is not null)
        .RequireAuthenticatedUser()
        .Build();

    internal static RouteHandlerBuilder Describe<T>(this RouteHandlerBuilder route, string name, string summary) => route
        .WithName(name)
        .WithSummary(summary)
        .Produces<T>()
        .Produces<ProblemShape>(StatusCodes.Status400BadRequest, Problems.MediaType)
        .Produces<ProblemShape>(StatusCodes.Status401Unauthorized, Problems.MediaType)
        .Produces<ProblemShape>(StatusCodes.Status404NotFound, Problems.MediaType);

    internal static RouteHandlerBuilder Command<TBody, T>(this RouteHandlerBuilder route, string name, string summary)
        where TBody : class => route
        .Describe<T>(name, summary)
        .Produces<ProblemShape>(StatusCodes.Status403Forbidden, Problems.MediaType)
        .Produces<ProblemShape>(StatusCodes.Status409Conflict, Problems.MediaType)
        .Produces<ProblemShape>(StatusCodes.Status422UnprocessableEntity, Problems.MediaType)
        .WithMetadata(new CommandRoute(typeof(TBody)));

    /// <summary>
    /// Commands are for those who respond. The desk puts each one into the audit, in the transaction of its effect. A sender posts results, and that
    /// is all: it reads nothing either.
    /// </summary>
    private static async ValueTask<object?> Command(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var forSenders = http.GetEndpoint()?.Metadata.GetMetadata<SenderRoute>() is not null;
        if (Caller.Of(http).Role == Role.Sender && !forSenders)
        {
            return Problems.Forbidden(http, ApiText.SendersPost);
        }

        if (http.GetEndpoint()?.Metadata is not { } route || route.GetMetadata<CommandRoute>() is null || route.GetMetadata<ViewerRoute>() is not null)
        {
            return await next(context);
        }

        if (forSenders)
        {
            return Caller.Of(http).MayPost ? await next(context) : Problems.Forbidden(http, ApiText.ViewersRead);
        }

        return Caller.Of(http).MayRespond ? await next(context) : Problems.Forbidden(http, ApiText.ViewersRead);
    }

    /// <summary>What routing itself refuses (no such path, no such method) as problem details too.</summary>
    internal static Task Unrouted(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (!http.Request.Path.StartsWithSegments("/api"))
        {
            return Task.CompletedTask;
        }

        var problem = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.NotFound(http, ApiText.NoSuchRoute),
            StatusCodes.Status405MethodNotAllowed => Problems.Of(http, 405, "method-not-allowed", ApiText.MethodNotAllowed, ApiText.MethodNotAllowed),
            var other => Problems.Of(http, other, "invalid", ApiText.Invalid, ApiText.Invalid),
        };
        return problem.ExecuteAsync(http);
    }

    // Bodies are read by ApiBody, which says more about a wrong one than the framework; so the framework must be told what they are.
    private static async Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<CommandRoute>().FirstOrDefault() is { } command && command.Body != typeof(EmptyBody))
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = command.Body != typeof(StepBody),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(command.Body, null, cancel) },
                },
            };
        }
    }

    /// <summary>Marks a route that acts, with what its body is.</summary>
    private sealed record CommandRoute(Type Body);
}
