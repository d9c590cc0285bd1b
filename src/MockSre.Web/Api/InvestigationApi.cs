using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using MockSre.Domain.Incidents;
using MockSre.Web.Incidents;

namespace MockSre.Web.Api;

/// <summary>An incident run for whoever investigates it: the alert, the evidence, what can be done, and the diagnosis. Its id is all that is needed.</summary>
internal static class InvestigationApi
{
    /// <summary>Where all of it lies.</summary>
    public const string Path = "/api/incidents";

    /// <summary>The most lines of the log in one answer.</summary>
    public const int MaxLines = 500;

    private const int DefaultLines = 100;

    /// <summary>After how many seconds to try again what was too early.</summary>
    private const int RetryAfterS = 5;

    public static void MapInvestigationApi(this IEndpointRouteBuilder routes)
    {
        var incident = routes.MapGroup($"{Path}/{{id}}")
            .WithTags("Investigation")
            .ProducesProblem(StatusCodes.Status404NotFound);
        incident.MapGet("", GetAsync)
            .WithSummary("The incident: open or closed, its alert, the form of a diagnosis, and once it is closed the score.");

        var evidence = incident.MapGroup("/evidence");
        evidence.MapGet("/commits", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, show => new CommitsResponse(Flat(show.Commits()))))
            .WithSummary("Every commit, newest first, deployed or not: author, message, pull request, diff.");
        evidence.MapGet("/deploys", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, show => new DeploysResponse(Flat(show.Deploys()))))
            .WithSummary("Every deploy, newest first: release, time, and the commits it shipped.");
        evidence.MapGet("/config", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, show => new ConfigResponse(Flat(show.Config()))))
            .WithSummary("The settings now, each with what it was in the beginning.");
        evidence.MapGet("/metrics", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, show => new MetricsResponse(Flat(show.MetricsByRelease()), Flat(show.MetricsByTime()))))
            .WithSummary($"Figures by release, and for each {Evidence.BucketSeconds} seconds.");
        evidence.MapGet("/signals", (string id, IncidentDesk desk, TimeProvider time) => ShowAsync(id, desk, time, show => new SignalsResponse(Flat(show.Issues()), Flat(show.Errors()), Flat(show.Transactions()))))
            .WithSummary($"Errors by kind, the newest {Evidence.MaxErrors} errors, and of each release the slowest {Evidence.TransactionsOfRelease} transactions with their spans.");
        evidence.MapGet("/logs", LogsAsync)
            .WithSummary("The log, newest line first.")
            .WithDescription($"limit: 1 to {MaxLines}, {DefaultLines} if not given. before: the number in a line's id; only older lines are shown. trace_id, level, release: only lines that have it.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

        incident.MapGet("/actions", GetActionsAsync)
            .WithSummary("What was done, oldest first.");
        incident.MapPost("/actions", ActAsync)
            .WithSummary("Does something to the running service.")
            .WithDescription(
                $"kind: {IncidentWords.List<RepairKind>()}. target: the number of a deploy, the SHA of a commit to take back, or a key of /evidence/config; nothing for restart. "
                + $"value: what to set the key to. A run takes {IncidentRun.MaxActions} actions.")
            .Accepts<ActionRequest>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        incident.MapPost("/diagnosis", DiagnoseAsync)
            .WithSummary("Says what happened. The last one before the close counts; each further one costs a little.")
            .WithDescription(
                $"verdict: {IncidentWords.List<Verdict>()}. onset: since when users were worse off, a time, from the deploy that began it to the second in which the service level broke; null where they never were. commits: SHAs at fault. "
                + $"component and mechanism: words of the form, of what turns requests away, or where none are turned away of what slows them. evidence: up to {Diagnosis.MaxEvidence} ids. repair: actions that repair it, done or proposed.")
            .Accepts<DiagnosisRequest>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        incident.MapPost("/close", CloseAsync)
            .WithSummary("Ends the investigation, and gives the score.")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<IncidentResponse>, ProblemHttpResult>> GetAsync(string id, IncidentDesk desk) =>
        await desk.FindAsync(id) is { } file ? TypedResults.Ok(IncidentResponse.Of(file, desk.Catalog.Vocabulary)) : Unknown();

    private static async Task<Results<Ok<T>, ProblemHttpResult>> ShowAsync<T>(string id, IncidentDesk desk, TimeProvider time, Func<Evidence, T> show) =>
        await desk.FindAsync(id) is { } file
            ? TypedResults.Ok(show(new Evidence(file.Dossier, file.Dossier.Closed?.At ?? time.GetUtcNow())))
            : Unknown();

    private static async Task<Results<Ok<LogsResponse>, ProblemHttpResult>> LogsAsync(
        string id,
        [Description("How many lines, at most.")] string? limit,
        [Description("The number of a line; only older ones are shown.")] string? before,
        string? trace_id,
        string? level,
        string? release,
        IncidentDesk desk,
        TimeProvider time)
    {
        var most = DefaultLines;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxLines))
        {
            return JsonBody.Refuse($"limit is a whole number from 1 to {MaxLines}.").ToProblem();
        }

        var first = long.MaxValue;
        if (before is not null && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out first))
        {
            return JsonBody.Refuse("before is the number of a line.").ToProblem();
        }

        return await ShowAsync(id, desk, time, show =>
        {
            var lines = show.Log(first).Where(line => Has(line, "trace_id", trace_id) && Has(line, "level", level) && Has(line, "release", release)).Take(most + 1).ToList();
            return new LogsResponse(Flat(lines.Take(most)), More: lines.Count > most);
        });

        static bool Has(EvidenceItem line, string fact, string? wanted) => wanted is null || line.Facts[fact]?.GetValue<string>() == wanted;
    }

    private static async Task<Results<Ok<ActionsResponse>, ProblemHttpResult>> GetActionsAsync(string id, IncidentDesk desk) =>
        await desk.FindAsync(id) is { } file ? TypedResults.Ok(new ActionsResponse([.. file.Dossier.Actions.Select(ActionResponse.Of)])) : Unknown();

    private static Task<Results<Ok<ActionResponse>, ProblemHttpResult>> ActAsync(string id, HttpContext context, IncidentDesk desk, IOptions<JsonOptions> json) =>
        AskAsync(id, context, desk, async run =>
        {
            var wanted = await JsonBody.ReadAsync<ActionRequest>(context.Request, json.Value.SerializerOptions);
            return ActionResponse.Of(await run.ActAsync(wanted.Read()));
        });

    private static Task<Results<Ok<DiagnosisResponse>, ProblemHttpResult>> DiagnoseAsync(string id, HttpContext context, IncidentDesk desk, IOptions<JsonOptions> json) =>
        AskAsync(id, context, desk, async run =>
        {
            var wanted = await JsonBody.ReadAsync<DiagnosisRequest>(context.Request, json.Value.SerializerOptions);
            var diagnosed = await run.SubmitAsync(wanted.Read(desk.Catalog.Vocabulary));
            return new DiagnosisResponse(run.Dossier.Diagnoses.Count, diagnosed.At);
        });

    private static Task<Results<Ok<IncidentResponse>, ProblemHttpResult>> CloseAsync(string id, HttpContext context, IncidentDesk desk) =>
        AskAsync(id, context, desk, async run =>
        {
            run.RequireInvestigation();
            await desk.CloseAsync(id, CloseReason.Finished);
            return IncidentResponse.Of((await desk.FindAsync(id))!, desk.Catalog.Vocabulary);
        });

    private static async Task<Results<Ok<T>, ProblemHttpResult>> AskAsync<T>(string id, HttpContext context, IncidentDesk desk, Func<IncidentRun, Task<T>> ask)
    {
        try
        {
            if (desk.Open is { } run && run.Dossier.Id == id)
            {
                return TypedResults.Ok(await ask(run));
            }

            return await desk.FindAsync(id) is null
                ? Unknown()
                : TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "Closed", detail: "This incident is closed.");
        }
        catch (IncidentRefusedException e)
        {
            if (e.Kind == RefusalKind.TooEarly)
            {
                context.Response.Headers.RetryAfter = RetryAfterS.ToString(CultureInfo.InvariantCulture);
            }

            return e.ToProblem();
        }
    }

    private static IReadOnlyList<JsonObject> Flat(IEnumerable<EvidenceItem> items) => [.. items.Select(item => item.ToJson())];

    private static ProblemHttpResult Unknown() =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown incident", detail: "There is no incident of this id.");

    /// <param name="Status"><c>open</c> or <c>closed</c>.</param>
    /// <param name="Alert">Null until it rings.</param>
    /// <param name="Score">Null until it is closed, and where nobody could investigate.</param>
    internal sealed record IncidentResponse(
        string Id,
        string Status,
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
            var dossier = file.Dossier;
            return new IncidentResponse(
                dossier.Id,
                dossier.Closed is null ? "open" : "closed",
                dossier.StartedAt,
                dossier.Closed?.At,
                dossier.Alert is { } alert ? AlertResponse.Of(dossier.Plan.Alert, alert) : null,
                dossier.Plan.ServiceLevel,
                DiagnosisForm.Of(vocabulary),
                dossier.Actions.Count,
                dossier.Diagnoses.Count,
                file.Score);
        }
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

    internal sealed record CommitsResponse(IReadOnlyList<JsonObject> Commits);

    internal sealed record DeploysResponse(IReadOnlyList<JsonObject> Deploys);

    internal sealed record ConfigResponse(IReadOnlyList<JsonObject> Config);

    internal sealed record MetricsResponse(IReadOnlyList<JsonObject> ByRelease, IReadOnlyList<JsonObject> ByTime);

    internal sealed record SignalsResponse(IReadOnlyList<JsonObject> Issues, IReadOnlyList<JsonObject> Errors, IReadOnlyList<JsonObject> Transactions);

    /// <param name="More">Whether there are older ones.</param>
    internal sealed record LogsResponse(IReadOnlyList<JsonObject> Logs, bool More);

    internal sealed record ActionsResponse(IReadOnlyList<ActionResponse> Actions);

    /// <param name="Deploy">The number of the deploy that it made.</param>
    internal sealed record ActionResponse(int Number, DateTimeOffset At, RepairKind Kind, string? Target, string? Value, int Deploy)
    {
        public static ActionResponse Of(IncidentEvent.Acted acted) =>
            new(acted.Number, acted.At, acted.Action.Kind, acted.Action.Target, acted.Action.Value, acted.Deploy);
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record ActionRequest(
        RepairKind? Kind,
        [property: JsonConverter(typeof(JsonBody.ScalarAsText))] string? Target,
        [property: JsonConverter(typeof(JsonBody.ScalarAsText))] string? Value)
    {
        public RepairAction Read()
        {
            var kind = Kind ?? throw JsonBody.Refuse($"kind is one of {IncidentWords.List<RepairKind>()}.");
            if ((Target is null) != (kind == RepairKind.Restart))
            {
                throw JsonBody.Refuse(kind == RepairKind.Restart ? "A restart has no target." : "target is missing.");
            }

            if ((Value is null) != (kind != RepairKind.SetConfig))
            {
                throw JsonBody.Refuse(kind == RepairKind.SetConfig ? "value is missing." : "Only set_config has a value.");
            }

            return new RepairAction(kind, Target, Value);
        }
    }

    /// <param name="Number">How many there are by now.</param>
    internal sealed record DiagnosisResponse(int Number, DateTimeOffset At);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record DiagnosisRequest(
        Verdict? Verdict,
        DateTimeOffset? Onset,
        IReadOnlyList<string>? Commits,
        string? Component,
        string? Mechanism,
        IReadOnlyList<string>? Evidence,
        IReadOnlyList<ActionRequest>? Repair)
    {
        public Diagnosis Read(Vocabulary vocabulary)
        {
            Require(Component is not null && vocabulary.Components.Contains(Component), $"component is one of {string.Join(", ", vocabulary.Components)}.");
            Require(Mechanism is not null && vocabulary.Mechanisms.Contains(Mechanism), $"mechanism is one of {string.Join(", ", vocabulary.Mechanisms)}.");
            return new Diagnosis(
                Verdict ?? throw JsonBody.Refuse($"verdict is one of {IncidentWords.List<Verdict>()}."),
                Onset,
                Within(Commits, Diagnosis.MaxCommits, "commits"),
                Component!,
                Mechanism!,
                Within(Evidence, Diagnosis.MaxEvidence, "evidence"),
                [.. Within(Repair, Diagnosis.MaxRepair, "repair").Select(action => action.Read())]);

            static IReadOnlyList<T> Within<T>(IReadOnlyList<T>? list, int most, string name)
            {
                Require(list is null || (list.Count <= most && list.All(item => item is not null)), $"{name} has at most {most}, and none of them is null.");
                return list ?? [];
            }

            static void Require(bool condition, string detail)
            {
                if (!condition)
                {
                    throw JsonBody.Refuse(detail);
                }
            }
        }
    }
}
