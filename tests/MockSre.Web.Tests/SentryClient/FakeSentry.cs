using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Tests.SentryClient;

/// <summary>A loopback server that stores releases, deploys and alert rules like Sentry, and records its requests.</summary>
internal sealed class FakeSentry : IAsyncDisposable
{
    public const string Token = "sntryu_s3cret";
    public const string Organization = "acme";
    public const string Project = "mock-sre";

    private const string Root = $"/api/0/organizations/{Organization}/";
    private const int PageSize = 2;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, JsonObject> _releases = new();

    private FakeSentry(WebApplication app) => _app = app;

    /// <summary>All requests, in order.</summary>
    public ConcurrentQueue<SentryRequest> Requests { get; } = new();

    /// <summary>Deploys by release, oldest first.</summary>
    public ConcurrentDictionary<string, List<JsonObject>> Deploys { get; } = new();

    public List<JsonObject> Rules { get; } = [];

    /// <summary>Datasets for which the server refuses alert rules. In Sentry they depend on the version.</summary>
    public HashSet<string> RefusedDatasets { get; } = [];

    /// <summary>Replaces the answer to a request, unless it returns null.</summary>
    public Func<HttpContext, IResult?> Instead { get; set; } = _ => null;

    public string Url => _app.Urls.Single();

    /// <summary>Method and path of each request, such as "POST releases/".</summary>
    public IEnumerable<string> Calls =>
        Requests.Select(request => $"{request.Method} {request.Path.Replace(Root, "", StringComparison.Ordinal)}");

    /// <summary>The environment variables that point a command at this server.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["SENTRY_AUTH_TOKEN"] = Token,
        ["SENTRY_ORG"] = Organization,
        ["SENTRY_PROJECT"] = Project,
        ["SENTRY_URL"] = Url,
        ["ENV"] = "demo",
    };

    public SentryAccess Access
    {
        get
        {
            var access = SentryAccess.Read(Variables.GetValueOrDefault, out var problems);
            Assert.Empty(problems);
            return access;
        }
    }

    public static async Task<FakeSentry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sentry = new FakeSentry(builder.Build());
        sentry._app.Run(sentry.HandleAsync);
        await sentry._app.StartAsync();
        return sentry;
    }

    public static IResult Json(int status, string json) => Results.Text(json, "application/json", statusCode: status);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IResult Refuse(string why) => Json(400, JsonSerializer.Serialize(new { detail = why }));

    private static bool IsTime(JsonNode? node) =>
        DateTimeOffset.TryParse(node?.GetValue<string>(), CultureInfo.InvariantCulture, out var time) && time.Offset == TimeSpan.Zero;

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var body = request.ContentLength > 0 ? (await JsonNode.ParseAsync(request.Body))!.AsObject() : null;
        Requests.Enqueue(
            new SentryRequest(
                request.Method,
                request.Path + request.QueryString.Value,
                request.Headers.Authorization.ToString(),
                request.ContentType,
                body));
        var result = Instead(context) ?? Answer(context, body);
        await result.ExecuteAsync(context);
    }

    private IResult Answer(HttpContext context, JsonObject? body)
    {
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            return Json(401, """{"detail":"Invalid token"}""");
        }

        var path = context.Request.Path.Value!;
        if (!path.StartsWith(Root, StringComparison.Ordinal) || !path.EndsWith('/'))
        {
            return Json(404, """{"detail":"The requested resource does not exist"}""");
        }

        return (context.Request.Method, path[Root.Length..].TrimEnd('/').Split('/')) switch
        {
            ("POST", ["releases"]) => AddRelease(body!),
            ("PUT", ["releases", var version]) => SetCommits(version, body!),
            ("GET", ["releases", var version, "deploys"]) => Page(
                context, [.. Deploys.GetValueOrDefault(version, []).AsEnumerable().Reverse()]),
            ("POST", ["releases", var version, "deploys"]) => AddDeploy(version, body!),
            ("GET", ["alert-rules"]) => Page(context, Rules),
            ("POST", ["alert-rules"]) => SetRule(null, body!),
            ("PUT", ["alert-rules", var id]) => SetRule(Rules.FindIndex(rule => (string?)rule["id"] == id), body!),
            _ => Json(404, """{"detail":"The requested resource does not exist"}"""),
        };
    }

    private IResult AddRelease(JsonObject body)
    {
        if (!IsTime(body["dateReleased"]) || body["projects"]!.AsArray().Single()!.GetValue<string>() != Project)
        {
            return Json(400, """{"projects":["Invalid project ids or slugs"]}""");
        }

        return _releases.TryAdd((string)body["version"]!, body) ? Json(201, body.ToJsonString()) : Json(208, body.ToJsonString());
    }

    private IResult SetCommits(string version, JsonObject body)
    {
        if (!_releases.ContainsKey(version))
        {
            return Json(404, """{"detail":"The requested resource does not exist"}""");
        }

        var commits = body["commits"]!.AsArray();
        var complete = commits.All(commit =>
            IsTime(commit!["timestamp"]) && commit["patch_set"]?.AsArray()
                .All(file => (string?)file!["type"] is "A" or "M" or "D" && (string?)file["path"] is not null) == true);
        return complete ? Json(200, body.ToJsonString()) : Refuse("commits are not complete");
    }

    private IResult AddDeploy(string version, JsonObject body)
    {
        if (!_releases.ContainsKey(version)
            || !IsTime(body["dateStarted"])
            || !IsTime(body["dateFinished"])
            || (string?)body["environment"] is not { Length: > 0 })
        {
            return Refuse("no such deploy");
        }

        Deploys.GetOrAdd(version, _ => []).Add(body);
        return Json(201, body.ToJsonString());
    }

    private IResult SetRule(int? index, JsonObject body)
    {
        if (RefusedDatasets.Contains((string)body["dataset"]!))
        {
            return Json(400, """["Creation of transaction-based alerts is disabled, as we migrate to the span dataset."]""");
        }

        if (
            body["triggers"]!.AsArray() is not [JsonObject critical, ..]
                || (string?)critical["label"] != "critical"
                || critical["alertThreshold"] is null)
        {
            return Json(400, """{"triggers":["Trigger 1 must be labeled \"critical\""]}""");
        }

        var rule = body.DeepClone().AsObject();
        rule["id"] = index is { } i ? (string?)Rules[i]["id"] : (Rules.Count + 1).ToString(CultureInfo.InvariantCulture);
        if (index is { } at)
        {
            Rules[at] = rule;
        }
        else
        {
            rule["triggers"]![0]!["id"] = "7";
            Rules.Add(rule);
        }

        return Json(index is null ? 201 : 200, rule.ToJsonString());
    }

    private static IResult Page(HttpContext context, List<JsonObject> items)
    {
        var cursor = context.Request.Query["cursor"].ToString() is { Length: > 0 } text
            ? int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture)
            : 0;
        var more = items.Count > cursor + PageSize;
        var address = $"http://elsewhere.invalid{context.Request.Path}";
        context.Response.Headers.Append(
            "Link",
            $"<{address}?&cursor=0:0:1>; rel=\"previous\"; results=\"{(cursor > 0 ? "true" : "false")}\"; cursor=\"0:0:1\", "
            + $"<{address}?&cursor=0:{cursor + PageSize}:0>; rel=\"next\"; results=\"{(more ? "true" : "false")}\"; "
            + $"cursor=\"0:{cursor + PageSize}:0\"");
        return Json(200, JsonSerializer.Serialize(items.Skip(cursor).Take(PageSize)));
    }
}

internal sealed record SentryRequest(string Method, string Path, string Authorization, string? ContentType, JsonObject? Body);
