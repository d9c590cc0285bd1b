using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using MockSre.Domain;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using MockSre.Web.Http;
using MockSre.Web.Incidents;

namespace MockSre.Web.Api;

/// <summary>An incident run for whoever investigates it: the alert, the evidence, what can be done, and the diagnosis. Its id is all that is needed.</summary>
internal static class InvestigationApi
{
    /// <summary>Where all of it lies.</summary>
    private const string Path = BlindGuard.InvestigationPath;

    /// <summary>The most lines of the log in one answer.</summary>
    public const int MaxLines = 500;

    private const int DefaultLines = 100;

    /// <summary>Hexadecimal digits of a trace id, as in W3C Trace Context.</summary>
    private const int TraceIdDigits = 32;

    public static void MapInvestigationApi(this IEndpointRouteBuilder routes)
    {
        var incident = routes.MapGroup($"{Path}/{{id}}")
            .WithTags("Investigation")
            .WithParameter("id", "The id of the run.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        incident.MapGet("", GetAsync)
            .WithName("getIncident")
            .WithSummary("Get the incident")
            .WithDescription("Open or closed, the alert, and the form of a diagnosis. The score is there once the incident is closed.");

        var evidence = incident.MapGroup("/evidence");
        evidence.MapGet("/commits", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, evidence => new CommitsResponse(evidence.Commits())))
            .WithName("getCommitEvidence")
            .WithSummary("List commits")
            .WithDescription("Every commit, newest first, deployed or not: author, message, pull request, diff.");
        evidence.MapGet("/deploys", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, evidence => new DeploysResponse(evidence.Deploys())))
            .WithName("getDeployEvidence")
            .WithSummary("List deploys")
            .WithDescription("Every deploy, newest first: release, time, and the commits that it shipped.");
        evidence.MapGet("/config", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, evidence => new ConfigResponse(evidence.Config())))
            .WithName("getConfigEvidence")
            .WithSummary("List settings")
            .WithDescription("The settings now, each with its value when the run began.");
        evidence.MapGet("/metrics", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, evidence => new MetricsEvidenceResponse(evidence.MetricsByRelease(), evidence.MetricsByTime())))
            .WithName("getMetricEvidence")
            .WithSummary("Get figures of requests")
            .WithDescription($"Figures by release, and for each {IncidentPlan.FiguresS} seconds.");
        evidence.MapGet("/signals", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, evidence => new SignalsResponse(evidence.Issues(), evidence.Errors(), evidence.Transactions())))
            .WithName("getSignalEvidence")
            .WithSummary("List errors and transactions")
            .WithDescription($"Errors by kind, the newest {IncidentEvidence.MaxErrors} errors, and of each release the slowest {IncidentEvidence.TransactionsOfRelease} transactions with their spans.");
        evidence.MapGet("/logs", LogsAsync)
            .WithName("getLogEvidence")
            .WithSummary("List log lines")
            .WithDescription("The log, newest line first.")
            .WithParameter("limit", "The most lines in the answer.", ParameterDescriptions.WholeNumber(1, MaxLines, DefaultLines))
            .WithParameter("before", "The number in a line's id. Only older lines are listed.", ParameterDescriptions.WholeNumber(0))
            .WithParameter("trace_id", "Only lines of this trace are listed.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9a-fA-F]{32}$" })
            .WithParameter("level", "Only lines of this severity are listed.", ParameterDescriptions.OneOf(Enum.GetValues<LogSeverity>().Select(IncidentWords.Of)))
            .WithParameter("release", $"Only lines of this release are listed. At least {IncidentReferences.LeastShaDigits} of its digits name it.");

        incident.MapGet("/actions", GetActionsAsync)
            .WithName("listActions")
            .WithSummary("List actions")
            .WithDescription("The actions of the investigator so far, oldest first.");
        incident.MapPost("/actions", ActAsync)
            .WithName("takeAction")
            .WithSummary("Take an action")
            .WithDescription(
                "Changes the running service: a rollback, a revert, a setting or a restart. "
                + $"A commit is named by its SHA or at least {IncidentReferences.LeastShaDigits} digits of it; the id of the evidence works too, such as deploy:1. "
                + $"A run takes {IncidentRun.MaxActions} actions.")
            .Accepts<ActionRequest>("application/json")
            .ProducesProblem(StatusCodes.Status409Conflict);
        incident.MapPost("/diagnosis", DiagnoseAsync)
            .WithName("submitDiagnosis")
            .WithSummary("Submit a diagnosis")
            .WithDescription(
                "The last diagnosis before the close counts. Each further one costs a little. "
                + "The verdict is about the moment when the investigation began, that is, when actions were first accepted.")
            .Accepts<DiagnosisRequest>("application/json")
            .ProducesProblem(StatusCodes.Status409Conflict);
        incident.MapPost("/close", CloseAsync)
            .WithName("closeIncident")
            .WithSummary("Close the incident")
            .WithDescription("Ends the investigation. The answer has the score.")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<IncidentResponse>> GetAsync(string id, IncidentDesk desk) =>
        TypedResults.Ok(IncidentResponse.Of(await FindAsync(id, desk), desk.Catalog.Vocabulary));

    private static async Task<Ok<T>> ShowAsync<T>(string id, IncidentDesk desk, TimeProvider time, Func<IncidentEvidence, T> show) =>
        TypedResults.Ok(show(EvidenceOf(await FindAsync(id, desk), time)));

    private static IncidentEvidence EvidenceOf(IncidentFile file, TimeProvider time) =>
        new(file.Incident, file.Incident.Closed?.At ?? time.GetUtcNow());

    private static async Task<Ok<LogsResponse>> LogsAsync(
        string id,
        string? limit,
        string? before,
        string? trace_id,
        string? level,
        string? release,
        IncidentDesk desk,
        TimeProvider time)
    {
        var most = DefaultLines;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxLines))
        {
            throw RefusedException.NotUnderstood($"limit is a whole number from 1 to {MaxLines}.");
        }

        var first = long.MaxValue;
        if (before is not null && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out first))
        {
            throw RefusedException.NotUnderstood("before is the number of a line.");
        }

        LogSeverity severity = default;
        if (level is not null && !IncidentWords.TryParse(level, out severity))
        {
            throw RefusedException.NotUnderstood($"level is one of {IncidentWords.List<LogSeverity>()}.");
        }

        if (trace_id is not null && !(trace_id.Length == TraceIdDigits && trace_id.All(char.IsAsciiHexDigit)))
        {
            throw RefusedException.NotUnderstood($"trace_id has {TraceIdDigits} hexadecimal digits.");
        }

        var file = await FindAsync(id, desk);
        var named = release is null
            ? null
            : IncidentReferences.FindSha(release, file.Incident.Deploys.Select(deploy => deploy.Release))
                ?? throw IncidentReferences.UnknownRelease(release);
        var lines = EvidenceOf(file, time)
            .Log(first, line => (level is null || line.Level == severity)
                && (trace_id is null || string.Equals(line.TraceId, trace_id, StringComparison.OrdinalIgnoreCase))
                && (named is null || line.Release == named))
            .Take(most + 1)
            .ToList();
        return TypedResults.Ok(new LogsResponse([.. lines.Take(most)], More: lines.Count > most));
    }

    private static async Task<Ok<ActionsResponse>> GetActionsAsync(string id, IncidentDesk desk) =>
        TypedResults.Ok(new ActionsResponse([.. (await FindAsync(id, desk)).Incident.Actions.Select(ActionResponse.Of)]));

    private static Task<Ok<ActionResponse>> ActAsync(string id, HttpContext context, IncidentDesk desk) =>
        AskAsync(id, desk, async run =>
        {
            var wanted = await JsonBody.ReadAsync<ActionRequest>(context.Request);
            return ActionResponse.Of(await run.ActAsync(wanted.Read()));
        });

    private static Task<Ok<DiagnosisResponse>> DiagnoseAsync(string id, HttpContext context, IncidentDesk desk) =>
        AskAsync(id, desk, async run =>
        {
            var wanted = await JsonBody.ReadAsync<DiagnosisRequest>(context.Request);
            var diagnosed = await run.SubmitAsync(wanted.Read(desk.Catalog.Vocabulary));
            return new DiagnosisResponse(run.Incident.Diagnoses.Count, diagnosed.At);
        });

    private static Task<Ok<IncidentResponse>> CloseAsync(string id, IncidentDesk desk) =>
        AskAsync(id, desk, async run =>
        {
            run.RequireInvestigation();
            await desk.CloseAsync(id, CloseReason.Finished);
            return IncidentResponse.Of((await desk.FindAsync(id))!, desk.Catalog.Vocabulary);
        });

    private static async Task<Ok<T>> AskAsync<T>(string id, IncidentDesk desk, Func<IncidentRun, Task<T>> ask) =>
        TypedResults.Ok(await ask(await desk.FindOpenAsync(id) ?? throw Unknown()));

    private static async Task<IncidentFile> FindAsync(string id, IncidentDesk desk) => await desk.FindAsync(id) ?? throw Unknown();

    private static RefusedException Unknown() => new(RefusalKind.NotFound, "Unknown incident", "There is no incident of this id.");

    /// <param name="Alert">Null until it rings.</param>
    /// <param name="Score">Null until it is closed, and where nobody could investigate.</param>
    internal sealed record IncidentResponse(
        string Id,
        IncidentStatus Status,
        DateTimeOffset OpenedAt,
        DateTimeOffset? ClosedAt,
        AlertResponse? Alert,
        ServiceLevel ServiceLevel,
        DiagnosisForm DiagnosisForm,
        int Actions,
        int Diagnoses,
        Score? Score)
    {
        public static IncidentResponse Of(IncidentFile file, Vocabulary vocabulary)
        {
            var incident = file.Incident;
            return new IncidentResponse(
                incident.Id,
                incident.Closed is null ? IncidentStatus.Open : IncidentStatus.Closed,
                incident.StartedAt,
                incident.Closed?.At,
                incident.Alert is { } alert ? AlertResponse.Of(incident.Plan.Alert, alert) : null,
                incident.Plan.ServiceLevel,
                DiagnosisForm.Of(vocabulary),
                incident.Actions.Count,
                incident.Diagnoses.Count,
                file.Score);
        }
    }

    internal enum IncidentStatus
    {
        Open,
        Closed,
    }

    /// <param name="Since">Since when the condition is met.</param>
    internal sealed record AlertResponse(
        string Name, string Summary, DateTimeOffset FiredAt, DateTimeOffset Since, Measure Measure, double Value, double Above, double WindowS)
    {
        public static AlertResponse Of(ScenarioAlert rule, IncidentEvent.AlertRaised alert) => new(
            rule.Name, rule.Summary, alert.At, alert.Since, rule.Condition.Measure, alert.Value, rule.Condition.Above, rule.WindowS);
    }

    /// <summary>What a diagnosis is made of; the same for every incident.</summary>
    internal sealed record DiagnosisForm(
        IReadOnlyList<Verdict> Verdicts,
        IReadOnlyList<string> Components,
        IReadOnlyList<string> Mechanisms,
        IReadOnlyList<RepairKind> RepairKinds,
        int MaxCommits,
        int MaxEvidence,
        int MaxRepair)
    {
        public static DiagnosisForm Of(Vocabulary vocabulary) => new(
            Enum.GetValues<Verdict>(),
            vocabulary.Components,
            vocabulary.Mechanisms,
            Enum.GetValues<RepairKind>(),
            Diagnosis.MaxCommits,
            Diagnosis.MaxEvidence,
            Diagnosis.MaxRepair);
    }

    internal sealed record CommitsResponse(IReadOnlyList<CommitEvidence> Commits);

    internal sealed record DeploysResponse(IReadOnlyList<DeployEvidence> Deploys);

    internal sealed record ConfigResponse(IReadOnlyList<SettingEvidence> Config);

    internal sealed record MetricsEvidenceResponse(IReadOnlyList<ReleaseFigures> ByRelease, IReadOnlyList<TimeFigures> ByTime);

    internal sealed record SignalsResponse(
        IReadOnlyList<IssueEvidence> Issues, IReadOnlyList<ErrorEvidence> Errors, IReadOnlyList<TransactionEvidence> Transactions);

    /// <param name="More">Whether there are older ones.</param>
    internal sealed record LogsResponse(IReadOnlyList<LogEvidence> Logs, bool More);

    internal sealed record ActionsResponse(IReadOnlyList<ActionResponse> Actions);

    /// <param name="Deploy">The number of the deploy that it made.</param>
    internal sealed record ActionResponse(int Number, DateTimeOffset At, RepairKind Kind, string? Target, string? Value, int Deploy)
    {
        public static ActionResponse Of(IncidentEvent.Acted acted) =>
            new(acted.Number, acted.At, acted.Action.Kind, acted.Action.Target, acted.Action.Value, acted.Deploy);
    }

    /// <param name="Kind">What to do.</param>
    /// <param name="Target">
    /// For a rollback the number of a deploy, for a revert the SHA of a commit, for a setting its key in the config evidence. A restart has none.
    /// </param>
    /// <param name="Value">The new value of the setting. The other kinds have none.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record ActionRequest(
        [property: Required] RepairKind? Kind,
        [property: JsonConverter(typeof(JsonBody.ScalarAsText))] string? Target = null,
        [property: JsonConverter(typeof(JsonBody.ScalarAsText))] string? Value = null)
    {
        /// <param name="at">Where in the body it stands, such as <c>repair[0].</c></param>
        public RepairAction Read(string at = "")
        {
            var kind = Kind ?? throw RefusedException.NotUnderstood($"{at}kind is one of {IncidentWords.List<RepairKind>()}.");
            if ((Target is null) != (kind == RepairKind.Restart))
            {
                throw RefusedException.NotUnderstood(kind == RepairKind.Restart ? $"{at}target is not for a restart." : $"{at}target is missing.");
            }

            if ((Value is null) != (kind != RepairKind.SetConfig))
            {
                throw RefusedException.NotUnderstood(kind == RepairKind.SetConfig ? $"{at}value is missing." : $"{at}value is for set_config only.");
            }

            return new RepairAction(kind, Target, Value);
        }
    }

    /// <param name="Number">How many there are by now.</param>
    internal sealed record DiagnosisResponse(int Number, DateTimeOffset At);

    /// <param name="Verdict">The state of the service when the investigation began.</param>
    /// <param name="Onset">
    /// When users were first worse off: between the deploy that began it and the second in which the service level broke. Null if they never were.
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
        public Diagnosis Read(Vocabulary vocabulary)
        {
            Require(Component is not null && vocabulary.Components.Contains(Component), $"component is one of {string.Join(", ", vocabulary.Components)}.");
            Require(Mechanism is not null && vocabulary.Mechanisms.Contains(Mechanism), $"mechanism is one of {string.Join(", ", vocabulary.Mechanisms)}.");
            return new Diagnosis(
                Verdict ?? throw RefusedException.NotUnderstood($"verdict is one of {IncidentWords.List<Verdict>()}."),
                Onset,
                Within(Commits, Diagnosis.MaxCommits, "commits"),
                Component!,
                Mechanism!,
                Within(Evidence, Diagnosis.MaxEvidence, "evidence"),
                [.. Within(Repair, Diagnosis.MaxRepair, "repair").Select((action, i) => action.Read($"repair[{i}]."))]);

            static IReadOnlyList<T> Within<T>(IReadOnlyList<T>? list, int most, string name)
            {
                Require(list is null || (list.Count <= most && list.All(item => item is not null)), $"{name} has at most {most}, and none of them is null.");
                return list ?? [];
            }

            static void Require(bool condition, string detail)
            {
                if (!condition)
                {
                    throw RefusedException.NotUnderstood(detail);
                }
            }
        }
    }
}
