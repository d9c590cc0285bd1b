using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using MockSre.Web.Http;
using MockSre.Web.Incidents;

namespace MockSre.Web.Api;

/// <summary>One incident run for its investigator: alert, evidence, actions and diagnosis. The id is the only credential.</summary>
internal static class InvestigationApi
{
    public static void MapInvestigationApi(this IEndpointRouteBuilder routes)
    {
        var incident = routes.MapGroup($"{BlindGuard.InvestigationPath}/{{id}}")
            .WithTags("Investigation")
            .WithParameter("id", "The id of the run.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        incident.MapGet("", GetAsync)
            .Describe("getIncident", "Get the incident",
                "Open or closed, the alert, and the form of a diagnosis. The score is there once the incident is closed.");

        incident.MapGet("/evidence/commits", GetCommitsAsync)
            .Describe("getCommitEvidence", "List commits",
                "Every commit, newest first, deployed or not: author, message, pull request, diff.");
        incident.MapGet("/evidence/deploys", GetDeploysAsync)
            .Describe("getDeployEvidence", "List deploys",
                "Every deploy, newest first: release, time, and the commits that it shipped.");
        incident.MapGet("/evidence/config", GetConfigAsync)
            .Describe("getConfigEvidence", "List settings", "The settings now, each with its value when the run began.");
        incident.MapGet("/evidence/metrics", GetFiguresAsync)
            .Describe("getMetricEvidence", "Get figures of requests",
                $"Figures by release, and for each {IncidentPlan.FiguresS} seconds.");
        incident.MapGet("/evidence/signals", GetSignalsAsync)
            .Describe("getSignalEvidence", "List errors and transactions",
                $"Errors by kind, the newest {IncidentEvidence.MaxErrors} errors, and of each release the slowest "
                + $"{IncidentEvidence.TransactionsOfRelease} transactions with their spans.");
        incident.MapGet("/evidence/logs", LogsAsync)
            .Describe("getLogEvidence", "List log lines", "The log, newest line first.")
            .WithParameter(
                "limit", "The most lines in the answer.", EndpointDescriptions.WholeNumber(1, LogQuery.MaxLimit, LogQuery.DefaultLimit))
            .WithParameter("before", "The number in a line's id. Only older lines are listed.", EndpointDescriptions.WholeNumber(0))
            .WithParameter(
                "trace_id",
                "Only lines of this trace are listed.",
                new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9a-fA-F]{32}$" })
            .WithParameter(
                "level",
                "Only lines of this severity are listed.",
                EndpointDescriptions.OneOf(Enum.GetValues<LogSeverity>().Select(IncidentWords.Of)))
            .WithParameter(
                "release", $"Only lines of this release are listed. At least {IncidentReferences.LeastShaDigits} of its digits name it.");

        incident.MapGet("/actions", GetActionsAsync)
            .Describe("listActions", "List actions", "The actions of the investigator so far, oldest first.");

        var changes = incident.MapGroup("").ProducesProblem(StatusCodes.Status409Conflict);
        changes.MapPost("/actions", ActAsync)
            .Describe("takeAction", "Take an action",
                "Changes the running service: a rollback, a revert, a setting or a restart. "
                + $"A commit is named by its SHA or at least {IncidentReferences.LeastShaDigits} digits of it; "
                + "the id of the evidence works too, such as deploy:1. "
                + $"A run takes {IncidentRun.MaxActions} actions.")
            .Accepts<ActionRequest>("application/json");
        changes.MapPost("/diagnosis", DiagnoseAsync)
            .Describe("submitDiagnosis", "Submit a diagnosis",
                "The last diagnosis before the close counts. Each further one costs a little. "
                + "The verdict is about the moment when the investigation began, that is, when actions were first accepted.")
            .Accepts<DiagnosisRequest>("application/json");
        changes.MapPost("/close", CloseAsync)
            .Describe("closeIncident", "Close the incident", "Ends the investigation. The answer has the score.");
    }

    private static async Task<Ok<IncidentResponse>> GetAsync(string id, Investigations investigations) =>
        TypedResults.Ok(new IncidentResponse(await investigations.GetAsync(id)));

    private static Task<Ok<CommitsResponse>> GetCommitsAsync(string id, Investigations investigations) =>
        ShowAsync(id, investigations, evidence => new CommitsResponse(evidence.Commits()));

    private static Task<Ok<DeploysResponse>> GetDeploysAsync(string id, Investigations investigations) =>
        ShowAsync(id, investigations, evidence => new DeploysResponse(evidence.Deploys()));

    private static Task<Ok<ConfigResponse>> GetConfigAsync(string id, Investigations investigations) =>
        ShowAsync(id, investigations, evidence => new ConfigResponse(evidence.Config()));

    private static Task<Ok<MetricsEvidenceResponse>> GetFiguresAsync(string id, Investigations investigations) =>
        ShowAsync(id, investigations, evidence => new MetricsEvidenceResponse(evidence.MetricsByRelease(), evidence.MetricsByTime()));

    private static Task<Ok<SignalsResponse>> GetSignalsAsync(string id, Investigations investigations) =>
        ShowAsync(id, investigations, evidence => new SignalsResponse(evidence.Issues(), evidence.Errors(), evidence.Transactions()));

    private static async Task<Ok<T>> ShowAsync<T>(string id, Investigations investigations, Func<IncidentEvidence, T> show) =>
        TypedResults.Ok(show((await investigations.GetAsync(id)).Evidence));

    private static async Task<Ok<LogsResponse>> LogsAsync(
        string id, string? limit, string? before, string? trace_id, string? level, string? release, Investigations investigations)
    {
        var query = LogQuery.Parse(limit, before, trace_id, level, release);
        var page = (await investigations.GetAsync(id)).ReadLog(query);
        return TypedResults.Ok(new LogsResponse(page.Lines, page.HasOlder));
    }

    private static async Task<Ok<ActionsResponse>> GetActionsAsync(string id, Investigations investigations) =>
        TypedResults.Ok(new ActionsResponse([.. (await investigations.GetAsync(id)).Incident.Actions.Select(ActionResponse.Of)]));

    private static async Task<Ok<ActionResponse>> ActAsync(string id, HttpRequest request, Investigations investigations)
    {
        var investigation = await OpenAsync(id, investigations);
        var action = await JsonBody.ReadAsync<ActionRequest>(request);
        return TypedResults.Ok(ActionResponse.Of(await investigation.ActAsync(action.ToSubmission())));
    }

    private static async Task<Ok<DiagnosisResponse>> DiagnoseAsync(string id, HttpRequest request, Investigations investigations)
    {
        var investigation = await OpenAsync(id, investigations);
        var diagnosis = await JsonBody.ReadAsync<DiagnosisRequest>(request);
        var diagnosed = await investigation.DiagnoseAsync(diagnosis.ToSubmission());
        return TypedResults.Ok(new DiagnosisResponse(investigation.Incident.Diagnoses.Count, diagnosed.At));
    }

    private static async Task<Ok<IncidentResponse>> CloseAsync(string id, Investigations investigations)
    {
        var investigation = await investigations.GetAsync(id);
        await investigation.CloseAsync();
        return TypedResults.Ok(new IncidentResponse(investigation));
    }

    // A body is not read for a run that cannot be changed.
    private static async Task<Investigation> OpenAsync(string id, Investigations investigations)
    {
        var investigation = await investigations.GetAsync(id);
        investigation.RequireOpen();
        return investigation;
    }

    /// <remarks>What changes during a run is read when the answer is made: a slow reader must not get two moments of the run.</remarks>
    internal sealed class IncidentResponse(Investigation investigation)
    {
        private readonly IncidentRecord _incident = investigation.Incident;

        public string Id => _incident.Id;
        public IncidentStatus Status => ClosedAt is null ? IncidentStatus.Open : IncidentStatus.Closed;
        public DateTimeOffset OpenedAt => _incident.StartedAt;
        public DateTimeOffset? ClosedAt { get; } = investigation.Incident.Closed?.At;

        /// <summary>Null until it fires.</summary>
        public AlertResponse? Alert { get; } =
            investigation.Incident.Alert is { } alert ? new AlertResponse(investigation.Incident.Plan.Alert, alert) : null;

        public ServiceLevel ServiceLevel => _incident.Plan.ServiceLevel;
        public DiagnosisForm DiagnosisForm => new(investigation.Vocabulary);
        public int Actions { get; } = investigation.Incident.Actions.Count;
        public int Diagnoses { get; } = investigation.Incident.Diagnoses.Count;

        /// <summary>Null for an open run, and for a run that nobody could investigate.</summary>
        public Score? Score { get; } = investigation.Score;
    }

    internal enum IncidentStatus
    {
        Open,
        Closed,
    }

    internal sealed class AlertResponse(ScenarioAlert rule, IncidentEvent.AlertRaised alert)
    {
        public string Name => rule.Name;
        public string Summary => rule.Summary;
        public DateTimeOffset FiredAt => alert.At;

        /// <summary>When the condition was first met.</summary>
        public DateTimeOffset Since => alert.Since;

        public Measure Measure => rule.Condition.Measure;
        public double Value => alert.Value;
        public double Above => rule.Condition.Above;
        public double WindowS => rule.WindowS;
    }

    internal sealed class DiagnosisForm(Vocabulary vocabulary)
    {
        public IReadOnlyList<Verdict> Verdicts { get; } = Enum.GetValues<Verdict>();
        public IReadOnlyList<string> Components => vocabulary.Components;
        public IReadOnlyList<string> Mechanisms => vocabulary.Mechanisms;
        public IReadOnlyList<RepairKind> RepairKinds { get; } = Enum.GetValues<RepairKind>();
        public int MaxCommits { get; } = Diagnosis.MaxCommits;
        public int MaxEvidence { get; } = Diagnosis.MaxEvidence;
        public int MaxRepair { get; } = Diagnosis.MaxRepair;
    }

    internal sealed record CommitsResponse(IReadOnlyList<CommitEvidence> Commits);

    internal sealed record DeploysResponse(IReadOnlyList<DeployEvidence> Deploys);

    internal sealed record ConfigResponse(IReadOnlyList<SettingEvidence> Config);

    internal sealed record MetricsEvidenceResponse(IReadOnlyList<ReleaseFigures> ByRelease, IReadOnlyList<TimeFigures> ByTime);

    internal sealed record SignalsResponse(
        IReadOnlyList<IssueEvidence> Issues, IReadOnlyList<ErrorEvidence> Errors, IReadOnlyList<TransactionEvidence> Transactions);

    /// <param name="More">Whether there are older lines.</param>
    internal sealed record LogsResponse(IReadOnlyList<LogEvidence> Logs, bool More);

    internal sealed record ActionsResponse(IReadOnlyList<ActionResponse> Actions);

    /// <param name="Deploy">The number of the deploy that the action made.</param>
    internal sealed record ActionResponse(int Number, DateTimeOffset At, RepairKind Kind, string? Target, string? Value, int Deploy)
    {
        public static ActionResponse Of(IncidentEvent.Acted acted) =>
            new(acted.Number, acted.At, acted.Action.Kind, acted.Action.Target, acted.Action.Value, acted.Deploy);
    }

    /// <param name="Kind">What to do.</param>
    /// <param name="Target">
    /// For a rollback the number of a deploy, for a revert the SHA of a commit, for a setting its key in the config evidence. A restart has
    /// none.
    /// </param>
    /// <param name="Value">The new value of the setting. The other kinds have none.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record ActionRequest(
        [property: Required] RepairKind? Kind,
        [property: JsonConverter(typeof(JsonBody.ScalarAsText))] string? Target = null,
        [property: JsonConverter(typeof(JsonBody.ScalarAsText))] string? Value = null)
    {
        public ActionSubmission ToSubmission() => new(Kind, Target, Value);
    }

    /// <param name="Number">Diagnoses so far.</param>
    internal sealed record DiagnosisResponse(int Number, DateTimeOffset At);

    /// <param name="Verdict">The state of the service when the investigation began.</param>
    /// <param name="Onset">
    /// When users were first worse off: between the deploy that began it and the second in which the service level broke. Null if they
    /// never were.
    /// </param>
    /// <param name="Commits">SHAs of the commits that made users worse off, also those reverted since.</param>
    /// <param name="Component">The component at fault, a word of the diagnosis form.</param>
    /// <param name="Mechanism">What is wrong with the component, a word of the diagnosis form.</param>
    /// <param name="Evidence">Ids of the evidence that shows it.</param>
    /// <param name="Repair">Actions that repair it, done or proposed.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record DiagnosisRequest(
        [property: Required] Verdict? Verdict,
        [property: Required] string? Component,
        [property: Required] string? Mechanism,
        DateTimeOffset? Onset = null,
        [property: MaxLength(Diagnosis.MaxCommits)] IReadOnlyList<string>? Commits = null,
        [property: MaxLength(Diagnosis.MaxEvidence)] IReadOnlyList<string>? Evidence = null,
        [property: MaxLength(Diagnosis.MaxRepair)] IReadOnlyList<ActionRequest>? Repair = null)
    {
        // The lists of a body can hold null.
        public DiagnosisSubmission ToSubmission() => new(
            Verdict, Onset, Commits, Component, Mechanism, Evidence,
            Repair is null ? null : [.. Repair.Select(action => action?.ToSubmission()!)]);
    }
}
