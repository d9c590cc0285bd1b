using MockSre.Web.Http;
using Polly;
using Polly.Retry;

namespace MockSre.Web.Incidents;

/// <summary>
/// Posts the alert of a run to <c>ALERT_WEBHOOK_URL</c>, in the form of Alertmanager:
/// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
/// </summary>
internal sealed partial class AlertWebhook(
    ServiceSettings settings, PublicAddress address, TimeProvider time, ILogger<AlertWebhook> logger) : IDisposable
{
    /// <summary>The most attempts to deliver one alert.</summary>
    public const int Attempts = 5;

    /// <summary>The timeout of each request.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>The pause before the second attempt. It doubles before each further one.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Json = new() { Converters = { new UtcTimeConverter() } };

    private readonly Uri? _url = settings.AlertWebhook;
    private readonly CancellationTokenSource _stop = new();

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // WebhookRedirect decides about redirects. The call is part of no trace.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = settings.AlertWebhook is { IsLoopback: false },
    })
    {
        Timeout = AnswerLimit,
    };

    // Without a listener the pipeline writes no logs and no metrics.
    private readonly ResiliencePipeline<Problem?> _retries =
        new ResiliencePipelineBuilder<Problem?> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<Problem?>
        {
            MaxRetryAttempts = Attempts - 1,
            Delay = FirstPause,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { MayPass: true }),
        }).Build();

    /// <summary>Begins to post the alert of a run, if a webhook is set, and returns at once. Errors are logged.</summary>
    public void Page(IncidentRecord incident)
    {
        if (_url is not null && incident.Alert is { } alert)
        {
            _ = PostAsync(JsonSerializer.SerializeToUtf8Bytes(Describe(incident, alert), Json));
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _http.Dispose();
    }

    // The body, version 4.
    private object Describe(IncidentRecord incident, IncidentEvent.AlertRaised alert)
    {
        var name = incident.Plan.Alert.Name;
        var labels = new { alertname = name, incident = incident.Id, service = "profiles", severity = "page" };
        var annotations = new { summary = incident.Plan.Alert.Summary, value = alert.Value.ToString(CultureInfo.InvariantCulture) };
        var link = address.Link($"api/incidents/{incident.Id}").AbsoluteUri;
        return new
        {
            version = "4",
            groupKey = $"{{}}:{{alertname=\"{name}\", incident=\"{incident.Id}\"}}",
            truncatedAlerts = 0,
            status = "firing",
            receiver = "on-call",
            groupLabels = new { alertname = name, incident = incident.Id },
            commonLabels = labels,
            commonAnnotations = annotations,
            externalURL = link,
            alerts = new[]
            {
                new
                {
                    status = "firing",
                    labels,
                    annotations,
                    startsAt = alert.Since,

                    // The zero time of an alert that has not ended.
                    endsAt = DateTimeOffset.MinValue,
                    generatorURL = link,
                    fingerprint = incident.Id,
                },
            },
        };
    }

    private async Task PostAsync(byte[] body)
    {
        var attempts = 0;
        try
        {
            var problem = await _retries.ExecuteAsync(
                async _ =>
                {
                    attempts++;
                    return await TryPostAsync(body);
                },
                _stop.Token);
            if (problem is not null && !_stop.IsCancellationRequested)
            {
                LogGivenUp(logger, _url!.Authority, attempts, problem.Reason);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task<Problem?> TryPostAsync(byte[] body)
    {
        var visited = new List<Uri> { _url! };
        try
        {
            while (true)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                using var answer = await _http.PostAsync(visited[^1], content, _stop.Token);
                var status = (int)answer.StatusCode;
                if (status is < 300 or >= 400)
                {
                    return answer.IsSuccessStatusCode
                        ? null
                        : new Problem($"status {status}", status >= 500 || answer.StatusCode == HttpStatusCode.TooManyRequests);
                }

                if (WebhookRedirect.Refusal(answer, visited, out var target) is { } refusal)
                {
                    return new Problem(refusal, MayPass: false);
                }

                visited.Add(target);
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return new Problem($"no answer within {AnswerLimit.TotalSeconds} s", MayPass: true);
        }
        catch (HttpRequestException e)
        {
            return new Problem(e.HttpRequestError.ToString(), MayPass: true);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The alert did not reach the webhook at {Host} in {Attempts} attempts: {Reason}")]
    private static partial void LogGivenUp(ILogger logger, string host, int attempts, string reason);

    /// <param name="MayPass">Whether another attempt can succeed.</param>
    private sealed record Problem(string Reason, bool MayPass);
}
