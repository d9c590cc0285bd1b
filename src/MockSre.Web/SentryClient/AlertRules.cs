using System.Text.Json.Nodes;

namespace MockSre.Web.SentryClient;

/// <summary>Creates or updates the two metric alerts that fire during the incident.</summary>
/// <remarks>
/// A healthy service answers in milliseconds without errors, so neither alert fires. They notify nobody until someone adds a notification
/// in Sentry. An update keeps it.
/// </remarks>
internal sealed class AlertRules(SentryApiClient sentry, SentryAccess access, TextWriter output)
{
    public const string Scopes = "the scopes alerts:read, alerts:write and org:read (an organization token cannot have them)";

    /// <summary>
    /// Below the two seconds of a scan. Above the second after which the wait for a connection fails, because those requests are errors.
    /// </summary>
    public const int SlowMs = 1500;

    /// <summary>More than a few requests by hand can cause, and far below the forty of one <c>make load</c>.</summary>
    public const int Errors = 10;

    /// <summary>The shortest window that Sentry accepts for every kind of alert.</summary>
    public const int WindowMinutes = 5;

    private const string Transaction = "GET /api/users/profile/{user_id}";
    private const string RulesPath = "alert-rules/";
    private const string CriticalLabel = "critical";
    private const int Above = 0;

    // The quotes are for the spaces. Braces have no meaning in a query.
    private const string OfTransaction = $"transaction:\"{Transaction}\"";

    // Old versions of Sentry measure latency on transactions, new ones on spans.
    private static readonly Figure[] Latency =
    [
        new("transactions", QueryType: 1, "transaction", "p95(transaction.duration)", $"transaction.op:http.server {OfTransaction}"),
        new(
            "events_analytics_platform", QueryType: 1, "trace_item_span", "p95(span.duration)",
            $"is_transaction:true span.op:http.server {OfTransaction}"),
    ];

    private static readonly Figure[] ErrorCount = [new("events", QueryType: 0, "error", "count()", OfTransaction)];

    /// <exception cref="SentryApiException">Sentry refused, or could not be reached.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var latency = $"MockSre profile latency ({access.Environment})";
        var errors = $"MockSre profile errors ({access.Environment})";
        var ours = new Dictionary<string, Rule>();
        await foreach (var rule in sentry.ListAsync<Rule>(RulesPath, cancellationToken))
        {
            if ((rule.Name == latency || rule.Name == errors) && rule.Projects?.Contains(access.Project) == true)
            {
                ours.TryAdd(rule.Name, rule);
            }
        }

        await SetAsync(latency, SlowMs, Latency, ours.GetValueOrDefault(latency), cancellationToken);
        await SetAsync(errors, Errors, ErrorCount, ours.GetValueOrDefault(errors), cancellationToken);
    }

    private async Task SetAsync(string name, int threshold, Figure[] figures, Rule? existing, CancellationToken cancellationToken)
    {
        if (existing is not null && (existing.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)))
        {
            throw new SentryApiException($"\"{name}\" has an id that is no number. Check SENTRY_URL.");
        }

        // The dataset of an existing rule first: this server accepts it.
        Figure[] candidates = [.. figures.OrderByDescending(figure => figure.Dataset == existing?.Dataset)];
        var refusals = new List<string>();
        foreach (var figure in candidates)
        {
            var body = Describe(name, threshold, figure, existing?.Triggers);
            try
            {
                await (existing is null
                    ? sentry.PostAsync(RulesPath, body, cancellationToken)
                    : sentry.PutAsync($"{RulesPath}{existing.Id}/", body, cancellationToken));
                var done = existing is null ? "created" : "updated";
                output.WriteLine($"{name}: {done}, rings when {figure.Aggregate} is above {threshold} in {WindowMinutes} minutes");
                return;
            }
            catch (SentryApiException e) when (e.Status == HttpStatusCode.BadRequest)
            {
                refusals.Add($"With dataset {figure.Dataset}, {e.Message}");
            }
        }

        throw new SentryApiException(
            $"{string.Join(" ", refusals)} An environment that Sentry does not know yet comes with make release.",
            HttpStatusCode.BadRequest);
    }

    private JsonObject Describe(string name, int threshold, Figure figure, JsonArray? triggers) => new()
    {
        ["name"] = name,
        ["dataset"] = figure.Dataset,
        ["queryType"] = figure.QueryType,
        ["eventTypes"] = new JsonArray(figure.EventType),
        ["aggregate"] = figure.Aggregate,
        ["query"] = figure.Query,
        ["timeWindow"] = WindowMinutes,
        ["thresholdType"] = Above,
        ["resolveThreshold"] = null,
        ["environment"] = access.Environment,
        ["projects"] = new JsonArray(access.Project),
        ["triggers"] = Triggers(threshold, triggers),
    };

    // Existing triggers are sent back: Sentry deletes a missing trigger and its notifications.
    private static JsonArray Triggers(int threshold, JsonArray? existing)
    {
        var triggers = existing?.DeepClone().AsArray() ?? [];
        var critical = triggers.OfType<JsonObject>().FirstOrDefault(trigger => trigger["label"]?.ToString() == CriticalLabel);
        if (critical is null)
        {
            critical = new JsonObject { ["label"] = CriticalLabel, ["actions"] = new JsonArray() };
            triggers.Insert(0, critical);
        }

        critical["alertThreshold"] = threshold;
        return triggers;
    }

    private sealed record Figure(string Dataset, int QueryType, string EventType, string Aggregate, string Query);

    /// <summary>A rule as Sentry lists it.</summary>
    private sealed record Rule(string? Id, string? Name, string? Dataset, IReadOnlyList<string>? Projects, JsonArray? Triggers);
}
