using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
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
        TypedResults.Ok(new IncidentsResponse([.. (await history.ListAsync()).Select(header => new IncidentSummary(header))]));

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
        new(file.Incident, file.Score, current.Find(file.Incident.Id)?.Run);

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

    internal sealed class IncidentSummary(IncidentHeader header)
    {
        public string Id => header.Id;
        public string Scenario => header.Scenario;
        public string Title => header.Title;
        public int Seed => header.Seed;
        public Pace Pace => header.Pace;
        public bool Blind => header.IsBlind;
        public DateTimeOffset StartedAt => header.StartedAt;
        public IncidentState State => header.State;
        public DateTimeOffset? ClosedAt => header.ClosedAt;
        public CloseReason? Closed => header.Closed;

        /// <summary>Null for an open run, and for a run that nobody could investigate.</summary>
        public double? Total => header.Score?.Total;

        /// <summary>The parts of the total, by name.</summary>
        public IReadOnlyDictionary<string, double>? Parts => header.Score?.Parts.ToDictionary(part => part.Name, part => part.Value);

        public int? DiagnosesGiven => header.Score?.DiagnosesGiven;
        public double? DetectS => header.Score?.DetectS;
        public double? DiagnoseS => header.Score?.DiagnoseS;
        public double? RepairS => header.Score?.RepairS;
        public IReadOnlyList<TrivialScore>? Beside => header.Score?.Beside;
    }

    /// <remarks>What changes during a run is read when the answer is made: a slow reader must not get two moments of the run.</remarks>
    internal sealed class IncidentTruth(IncidentRecord incident, Score? score, IncidentRun? run)
    {
        private readonly IncidentPlan _plan = incident.Plan;

        public string Id => incident.Id;
        public string Scenario => _plan.Scenario;
        public string Title => _plan.Title;
        public string Summary => _plan.Summary;
        public int Seed => _plan.Seed;
        public Pace Pace => _plan.Pace;
        public bool Blind => _plan.IsBlind;
        public DateTimeOffset StartedAt => incident.StartedAt;

        /// <summary>
        /// Seconds from the start after which the run is closed. Null for a closed run, and for a run of another service.
        /// </summary>
        public double? MaxDurationS => run?.MaxDuration.TotalSeconds;

        public IncidentState State { get; } = incident.State;
        public CloseReason? Closed { get; } = incident.Closed?.Closed;
        public DateTimeOffset? OnsetAt { get; } = incident.OnsetAt;
        public DateTimeOffset InvestigationBeginsAt { get; } = incident.InvestigationBeginsAt;
        public Verdict Verdict => _plan.Key.Verdict;

        /// <summary>Their SHAs.</summary>
        public IReadOnlyList<string> CommitsAtFault => [.. _plan.AtFault.Select(commit => commit.Sha)];

        public IReadOnlyList<string> Components => _plan.Key.Components;
        public IReadOnlyList<string> Mechanisms => _plan.Key.Mechanisms;
        public IReadOnlyList<string> CausalChain => _plan.Key.CausalChain;
        public IReadOnlyList<StateChanged> States { get; } = incident.States;
        public AlertRaised? Alert { get; } = incident.Alert;
        public IReadOnlyList<Deployed> Deploys { get; } = incident.Deploys;
        public IReadOnlyList<Acted> Actions { get; } = incident.Actions;
        public IReadOnlyList<Diagnosed> Diagnoses { get; } = incident.Diagnoses;
        public Score? Score => score;
    }
}
