using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Web.Access;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Load;

namespace MockSre.Web.Api;

internal static class LoadApi
{
    public static void MapLoadApi(this IEndpointRouteBuilder routes)
    {
        var load = routes.MapGroup("/admin/load")
            .WithMetadata(new AdminEndpoint())
            .WithTags("Load")
            .WithParameter("id", "The id of the load.");

        load.MapPost("/", Start)
            .Describe("startLoad", "Start a load",
                "Sends requests to this service's own profile endpoint, over HTTP: a number of them, or a rate until stopped. "
                + $"An empty body means {LoadPlan.ClosedLoop.DefaultRequests} requests, "
                + $"{LoadPlan.ClosedLoop.DefaultConcurrency} at a time. "
                + "One load of each kind runs at a time. Needs ENV=demo, and no open incident.")
            .AddEndpointFilter<ManualChange>()
            .Accepts<LoadRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status409Conflict);
        load.MapGet("/", List)
            .Describe("listLoads", "List loads", $"The last {LoadGenerator.HistoryLimit} loads, newest first.");
        load.MapGet("/{id}", Get)
            .Describe("getLoad", "Get a load", "Progress and figures of a load.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        load.MapDelete("/{id}", Cancel)
            .Describe("cancelLoad", "Cancel a load",
                "Stops a load and answers with its figures. Needs ENV=demo, and no open incident.")
            .AddEndpointFilter<ManualChange>()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Accepted<LoadResponse>> Start(HttpContext context, LoadStarter starter)
    {
        var run = starter.Start(PlanOf(await JsonBody.ReadAsync(context.Request, withoutBody: new LoadRequest())));
        return TypedResults.Accepted($"{context.Request.PathBase}/admin/load/{run.Id}", LoadResponse.Of(run));
    }

    private static Ok<LoadResponse[]> List(LoadGenerator loads) => TypedResults.Ok(loads.Runs.Select(LoadResponse.Of).ToArray());

    private static Ok<LoadResponse> Get(string id, LoadGenerator loads) => TypedResults.Ok(LoadResponse.Of(Find(id, loads)));

    private static async Task<Ok<LoadResponse>> Cancel(string id, LoadGenerator loads)
    {
        var run = Find(id, loads);
        await run.CancelAsync();
        return TypedResults.Ok(LoadResponse.Of(run));
    }

    private static LoadPlan PlanOf(LoadRequest wanted)
    {
        if (wanted.Rate is not null && (wanted.Requests ?? wanted.Concurrency) is not null)
        {
            throw Invalid("Give requests and concurrency, or rate, not both.");
        }

        try
        {
            return wanted.Rate is { } rate
                ? new LoadPlan.OpenLoop(rate)
                : new LoadPlan.ClosedLoop(
                    wanted.Requests ?? LoadPlan.ClosedLoop.DefaultRequests, wanted.Concurrency ?? LoadPlan.ClosedLoop.DefaultConcurrency);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw Invalid(e.Message.Split(" (Parameter", 2)[0] + ".");
        }
    }

    private static RefusedException Invalid(string detail) => new(RefusalKind.Invalid, "Invalid load", detail);

    private static LoadRun Find(string id, LoadGenerator loads) => loads.Find(id) ?? throw new RefusedException(
        RefusalKind.NotFound, "Unknown load", $"None of the last {LoadGenerator.HistoryLimit} loads has this id.");

    /// <param name="Requests">Number of requests. Not together with a rate.</param>
    /// <param name="Concurrency">Requests at once. Not together with a rate.</param>
    /// <param name="Rate">Requests a second, until the load is stopped.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record LoadRequest(
        [property: Range(1, LoadPlan.ClosedLoop.MaxRequests)] int? Requests = null,
        [property: Range(1, LoadPlan.ClosedLoop.MaxConcurrency)] int? Concurrency = null,
        [property: Range(LoadPlan.OpenLoop.MinRate, LoadPlan.OpenLoop.MaxRate)] double? Rate = null);

    /// <param name="Progress">Share of the requests that have ended, 0 to 1. Null for a load without an end.</param>
    internal sealed record LoadResponse(
        string Id, LoadState State, int? Requests, int? Concurrency, double? Rate, DateTimeOffset StartedAt,
        DateTimeOffset? EndedAt, double? Progress, int Sent, int InFlight, IReadOnlyDictionary<int, int> ByStatus, int NoAnswer,
        int Skipped, Percentiles? Latency, Percentiles? OkLatency)
    {
        public static LoadResponse Of(LoadRun run)
        {
            var report = run.Report();
            var closed = report.Plan as LoadPlan.ClosedLoop;
            return new LoadResponse(
                report.Id, report.State, closed?.Requests, closed?.Concurrency, (report.Plan as LoadPlan.OpenLoop)?.Rate,
                report.StartedAt, report.EndedAt,
                closed is null ? null : (double)(report.Sent - report.InFlight) / closed.Requests, report.Sent, report.InFlight,
                report.ByStatus, report.NoAnswer, report.Skipped, report.Latency, report.OkLatency);
        }
    }
}
