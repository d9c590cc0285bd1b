using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Domain.Incidents.Grading;
using MockSre.Web.Access;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Api;

/// <summary>Incident runs for their organizer, with the answer.</summary>
internal static class IncidentsApi
{
    private const string Path = "/admin/incidents";

    public static void MapIncidentsApi(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("")
            .WithMetadata(new AdminEndpoint())
            .WithTags("Incidents")
            .WithParameter("id", "The id of the run.");

        admin.MapGet("/admin/scenarios", GetScenarios)
            .Describe("listScenarios", "List scenarios", "The scenarios that can be played.");

        var runs = admin.MapGroup("").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        runs.MapGet("/api/incidents", ListAsync)
            .Describe("listIncidents", "List incident runs",
                $"The last {IncidentStore.KeptRuns} runs side by side, newest first.");
        runs.MapPost(Path, StartAsync)
            .Describe("startIncident", "Start an incident run",
                "One run is open at a time. Nothing else can change the service meanwhile. Needs ENV=demo.")
            .Accepts<StartRequest>("application/json")
            .ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapGet($"{Path}/{{id}}", GetAsync)
            .Describe("getIncidentTruth", "Get a run with the truth",
                "What was planned, what is at fault, and what happened so far.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapDelete($"{Path}/{{id}}", CancelAsync)
            .Describe("cancelIncident", "Cancel a run",
                "Closes an open run without a score. A closed run stays as it is. Needs ENV=demo.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        runs.MapGet($"{Path}/{{id}}/export", ExportAsync)
            .Describe("exportIncident", "Export a closed run",
                "Everything that is kept of a closed run, as a zip with a manifest of hashes.")
            .Produces<Stream>(contentType: IncidentExport.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Ok<ScenariosResponse> GetScenarios(ScenarioCatalog catalog) => TypedResults.Ok(new ScenariosResponse(
    [
        .. catalog.Scenarios.Select(scenario => new ScenarioResponse(scenario.Name, scenario.Title, scenario.Summary)),
        .. catalog.Draws.Select(draw => new ScenarioResponse(draw.Name, draw.Title, draw.Summary)),
    ]));

    private static async Task<Ok<IncidentsResponse>> ListAsync(IncidentHistory history) =>
        TypedResults.Ok(new IncidentsResponse([.. (await history.ListAsync()).Select(IncidentSummary.Of)]));

    private static async Task<Created<StartedResponse>> StartAsync(HttpContext context, IncidentRuns runs)
    {
        var wanted = await JsonBody.ReadAsync<StartRequest>(context.Request);
        var run = await runs.StartAsync(new IncidentOrder(
            wanted.Scenario ?? throw RefusedException.NotUnderstood("scenario is missing: a name of /admin/scenarios."),
            wanted.Seed is < 0 ? throw RefusedException.NotUnderstood($"seed is a whole number from 0 to {int.MaxValue}.") : wanted.Seed,
            wanted.Pace ?? Pace.Demo,
            wanted.Blind ?? false,
            wanted.MaxDurationS is { } seconds ? TimeSpan.FromSeconds(seconds) : IncidentOrder.DefaultMaxDuration));
        return TypedResults.Created($"{context.Request.PathBase}{Path}/{run.Incident.Id}", StartedResponse.Of(run));
    }

    private static async Task<Ok<IncidentTruth>> GetAsync(string id, IncidentHistory history, CurrentRun current) =>
        TypedResults.Ok(TruthOf(await history.GetAsync(id), current));

    private static async Task<Ok<IncidentTruth>> CancelAsync(string id, IncidentRuns runs, CurrentRun current) =>
        TypedResults.Ok(TruthOf(await runs.CancelAsync(id), current));

    private static async Task<FileContentHttpResult> ExportAsync(string id, IncidentHistory history)
    {
        var file = await history.GetAsync(id);
        RefusedException.ThrowIf(
            file.Incident.Closed is null, RefusalKind.NotNow, "Open", "An incident can be exported once it is closed.");
        return TypedResults.File(IncidentExport.Write(file), IncidentExport.ContentType, $"incident-{id}.zip");
    }

    private static IncidentTruth TruthOf(IncidentFile file, CurrentRun current) =>
        IncidentTruth.Of(file.Incident, file.Score, current.Find(file.Incident.Id)?.Run);

    /// <param name="Scenario">A name of the list of scenarios.</param>
    /// <param name="Seed">The same seed gives the same plan. Drawn if not given.</param>
    /// <param name="Pace">How fast the run is played. <c>demo</c> if not given.</param>
    /// <param name="Blind">Whether the answer is hidden from clients without the token. Needs ADMIN_TOKEN.</param>
    /// <param name="MaxDurationS">The run is closed after so many seconds at the latest. One hour if not given, at most four.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record StartRequest(
        [property: Required] string? Scenario,
        [property: Range(0, int.MaxValue)] int? Seed = null,
        Pace? Pace = null,
        bool? Blind = null,
        int? MaxDurationS = null);

    /// <summary>Holds nothing of the answer: the client that starts a run can be the one that investigates it.</summary>
    internal sealed record StartedResponse(
        string Id, string Scenario, int Seed, Pace Pace, bool Blind, DateTimeOffset StartedAt, double MaxDurationS)
    {
        public static StartedResponse Of(IncidentRun run)
        {
            var plan = run.Incident.Plan;
            return new StartedResponse(
                run.Incident.Id, plan.Scenario, plan.Seed, plan.Pace, plan.IsBlind, run.Incident.StartedAt, run.MaxDuration.TotalSeconds);
        }
    }

    internal sealed record ScenariosResponse(IReadOnlyList<ScenarioResponse> Scenarios);

    internal sealed record ScenarioResponse(string Name, string Title, string Summary);

    internal sealed record IncidentsResponse(IReadOnlyList<IncidentSummary> Incidents);

    /// <param name="Total">Null for an open run, and for a run that nobody could investigate.</param>
    /// <param name="Parts">The parts of the total, by name.</param>
    internal sealed record IncidentSummary(
        string Id,
        string Scenario,
        string Title,
        int Seed,
        Pace Pace,
        bool Blind,
        DateTimeOffset StartedAt,
        IncidentState State,
        DateTimeOffset? ClosedAt,
        CloseReason? Closed,
        double? Total,
        IReadOnlyDictionary<string, double>? Parts,
        int? DiagnosesGiven,
        double? DetectS,
        double? DiagnoseS,
        double? RepairS,
        IReadOnlyList<TrivialScore>? Beside)
    {
        public static IncidentSummary Of(IncidentHeader header) => new(
            header.Id,
            header.Scenario,
            header.Title,
            header.Seed,
            header.Pace,
            header.IsBlind,
            header.StartedAt,
            header.State,
            header.ClosedAt,
            header.Closed,
            header.Score?.Total,
            header.Score?.Parts.ToDictionary(part => part.Name, part => part.Value),
            header.Score?.DiagnosesGiven,
            header.Score?.DetectS,
            header.Score?.DiagnoseS,
            header.Score?.RepairS,
            header.Score?.Beside);
    }

    /// <param name="MaxDurationS">
    /// Seconds from the start after which the run is closed. Null for a closed run, and for a run of another service.
    /// </param>
    /// <param name="CommitsAtFault">Their SHAs.</param>
    internal sealed record IncidentTruth(
        string Id,
        string Scenario,
        string Title,
        string Summary,
        int Seed,
        Pace Pace,
        bool Blind,
        DateTimeOffset StartedAt,
        double? MaxDurationS,
        IncidentState State,
        CloseReason? Closed,
        DateTimeOffset? OnsetAt,
        DateTimeOffset InvestigationBeginsAt,
        Verdict Verdict,
        IReadOnlyList<string> CommitsAtFault,
        IReadOnlyList<string> Components,
        IReadOnlyList<string> Mechanisms,
        IReadOnlyList<string> CausalChain,
        IReadOnlyList<StateChanged> States,
        AlertRaised? Alert,
        IReadOnlyList<Deployed> Deploys,
        IReadOnlyList<Acted> Actions,
        IReadOnlyList<Diagnosed> Diagnoses,
        Score? Score)
    {
        public static IncidentTruth Of(IncidentRecord incident, Score? score, IncidentRun? run)
        {
            var (plan, key) = (incident.Plan, incident.Plan.Key);
            return new IncidentTruth(
                incident.Id,
                plan.Scenario,
                plan.Title,
                plan.Summary,
                plan.Seed,
                plan.Pace,
                plan.IsBlind,
                incident.StartedAt,
                run?.MaxDuration.TotalSeconds,
                incident.State,
                incident.Closed?.Closed,
                incident.OnsetAt,
                incident.InvestigationBeginsAt,
                key.Verdict,
                [.. plan.AtFault.Select(commit => commit.Sha)],
                key.Components,
                key.Mechanisms,
                key.CausalChain,
                incident.States,
                incident.Alert,
                incident.Deploys,
                incident.Actions,
                incident.Diagnoses,
                score);
        }
    }
}
