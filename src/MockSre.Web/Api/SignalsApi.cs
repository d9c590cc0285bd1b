using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Web.Access;
using MockSre.Web.Signals;

namespace MockSre.Web.Api;

internal static class SignalsApi
{
    private const string Path = "/api/signals";

    private const int MaxGroups = 100;
    private const int Slowest = 5;
    private const int DefaultEvents = 100;

    public static void MapSignalsApi(this IEndpointRouteBuilder routes)
    {
        var signals = routes.MapGroup(Path).WithTags("Signals");
        signals.MapGet("/summary", GetSummary)
            .Describe("getSignalSummary", "Get the summary of signals",
                "The destination of signals, and their counts. states counts envelopes: local (no SENTRY_DSN), queued, sent, "
                + "refused by Sentry, and dropped without an answer. discarded counts what the SDK left out.");
        signals.MapGet("/expectations", GetExpectations)
            .Describe("getExpectations", "Get the expected signals",
                "The signals that the current mode should cause, and those observed since it was set. state is pending (too few requests), "
                + "witnessed, absent, or unavailable with a reason. Evicted signals still count.");
        signals.MapDelete("", Empty)
            .WithMetadata(new AdminEndpoint())
            .Describe("clearSignals", "Clear the inbox", "Removes all signals and resets the counts. Needs ENV=demo.")
            .Produces(StatusCodes.Status204NoContent);

        var inbox = signals.MapGroup("").AddEndpointFilter(RequireInboxAsync).ProducesProblem(StatusCodes.Status409Conflict);
        inbox.MapGet("/issues", GetIssues)
            .Describe("listIssues", "List issues",
                $"Errors in the inbox, grouped by exception type and throwing method, latest first. "
                + $"At most {MaxGroups}; left_out counts the others.");
        inbox.MapGet("/transactions", GetTransactions)
            .Describe("listTransactions", "List transactions",
                $"Transactions in the inbox by name, each with its {Slowest} slowest and their spans. "
                + "A span is listed before its child spans, whose depth is one more.");
        inbox.MapGet("/events", GetEvents)
            .Describe("listEvents", "List events", "The signals in the inbox, newest first, with the state of each.")
            .WithParameter(
                "limit",
                "The most events in the answer.",
                EndpointDescriptions.WholeNumber(1, SignalInbox.MaxEnvelopes, DefaultEvents));
        inbox.MapGet("/events/{event_id}", GetEvent)
            .Describe("getEvent", "Get an event", "The payload of one event or transaction, as sent to Sentry.")
            .WithParameter("event_id", "32 hexadecimal digits.")
            .Produces<JsonObject>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        inbox.MapGet("/envelopes", GetEnvelopes)
            .Describe("exportEnvelopes", "Export envelopes",
                "All envelopes in the inbox, oldest first, separated by empty lines and without the project's key. "
                + "Each can be posted to any Sentry.")
            .Produces<Stream>(contentType: EnvelopeExport.ContentType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    // An empty list would look like a healthy service.
    private static async ValueTask<object?> RequireInboxAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<SignalInbox>().Holds
            ? await next(context)
            : throw new RefusedException(
                RefusalKind.NotNow, "The inbox is off", $"SIGNAL_INBOX=false keeps no signals. {Path}/summary still counts them.");

    private static Ok<SummaryResponse> GetSummary(SignalInbox inbox, ServiceSettings settings, FailureSwitch failures)
    {
        var counts = inbox.Counts;
        return TypedResults.Ok(new SummaryResponse(
            new SentryResponse(settings.SentryDsn is not null, settings.SentryDsn?.Authority, settings.TracesSampleRate),
            failures.Current.Release, settings.Environment.Name(), counts.Since, counts.Errors, counts.Transactions,
            new StatesResponse(
                counts.ByState[SignalState.Local], counts.ByState[SignalState.Queued], counts.ByState[SignalState.Sent],
                counts.ByState[SignalState.Refused], counts.ByState[SignalState.Dropped]),
            counts.Discarded, counts.Lost,
            new InboxResponse(settings.SignalInbox, counts.Held, counts.HeldBytes, counts.Evicted, counts.Unreadable)));
    }

    private static Ok<IssuesResponse> GetIssues(SignalInbox inbox)
    {
        var issues = IssueGroup.Of(inbox.Entries);
        return TypedResults.Ok(new IssuesResponse(
            [.. issues.Take(MaxGroups)], Math.Max(0, issues.Count - MaxGroups), inbox.Counts.Evicted));
    }

    private static Ok<TransactionsResponse> GetTransactions(SignalInbox inbox)
    {
        var groups = TransactionGroup.Of(inbox.Entries, Slowest);
        return TypedResults.Ok(new TransactionsResponse(
            [.. groups.Take(MaxGroups).Select(TransactionGroupResponse.Of)], Math.Max(0, groups.Count - MaxGroups), inbox.Counts.Evicted));
    }

    private static Ok<EventsResponse> GetEvents(string? limit, SignalInbox inbox)
    {
        var most = DefaultEvents;
        if (limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most)
                || most is < 1 or > SignalInbox.MaxEnvelopes))
        {
            throw new RefusedException(
                RefusalKind.Invalid, "Invalid limit", $"limit must be a whole number from 1 to {SignalInbox.MaxEnvelopes}.");
        }

        var entries = inbox.Entries;
        return TypedResults.Ok(new EventsResponse(
            [.. entries.Take(most).Select(EventResponse.Of)], Math.Max(0, entries.Count - most), inbox.Counts.Evicted));
    }

    private static FileContentHttpResult GetEvent(string event_id, SignalInbox inbox) =>
        inbox.Find(event_id) is { } entry && EnvelopeExport.Payload(entry) is { } payload
            ? TypedResults.Bytes(payload, "application/json")
            : throw new RefusedException(
                RefusalKind.NotFound, "Unknown event", "The inbox has no event with this id. It may have been evicted.");

    private static async Task<IResult> GetEnvelopes(
        SignalInbox inbox, ExportSlots slots, HttpContext context, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        RefusedException.ThrowIf(
            !slots.TryTake(), RefusalKind.TooMany, "Too many exports", $"At most {ExportSlots.Count} exports can run at once.");

        try
        {
            // A slow reader must not keep the service from stopping, or other clients from exporting.
            using var late = new CancellationTokenSource(slots.Limit, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, lifetime.ApplicationStopping, late.Token);
            context.Response.ContentType = EnvelopeExport.ContentType;
            context.Response.Headers.ContentDisposition = "attachment; filename=\"signals.envelopes\"";
            foreach (var entry in inbox.Entries.Reverse())
            {
                await context.Response.Body.WriteAsync(EnvelopeExport.Envelope(entry), end.Token);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            slots.Return();
        }

        return TypedResults.Empty;
    }

    private static Ok<ExpectationsResponse> GetExpectations(SignalExpectations expectations) =>
        TypedResults.Ok(ExpectationsResponse.Of(expectations.Report()));

    private static NoContent Empty(SignalInbox inbox)
    {
        inbox.Clear();
        return TypedResults.NoContent();
    }

    internal sealed record SummaryResponse(
        SentryResponse Sentry, string Release, string Environment, DateTimeOffset Since, long Errors, long Transactions,
        StatesResponse States, IReadOnlyList<DiscardedSignals> Discarded, long Lost, InboxResponse Inbox);

    /// <param name="Host">The destination of signals; null while Sentry is off.</param>
    internal sealed record SentryResponse(bool On, string? Host, double TracesSampleRate);

    internal sealed record StatesResponse(long Local, long Queued, long Sent, long Refused, long Dropped);

    internal sealed record InboxResponse(bool On, int Held, long HeldBytes, long Evicted, long Unreadable);

    /// <param name="LeftOut">Groups beyond the limit.</param>
    /// <param name="Evicted">Envelopes that the inbox evicted for newer ones. They are in no group.</param>
    internal sealed record IssuesResponse(IReadOnlyList<IssueGroup> Issues, int LeftOut, long Evicted);

    /// <inheritdoc cref="IssuesResponse"/>
    internal sealed record TransactionsResponse(IReadOnlyList<TransactionGroupResponse> Transactions, int LeftOut, long Evicted);

    internal sealed record TransactionGroupResponse(
        string Name, int Count, double FailureRate, double P50Ms, double P95Ms, DateTimeOffset LastSeen,
        IReadOnlyList<TransactionResponse> Slowest)
    {
        public static TransactionGroupResponse Of(TransactionGroup group) => new(
            group.Name, group.Count, group.FailureRate, group.P50.TotalMilliseconds, group.P95.TotalMilliseconds, group.LastSeen,
            [.. group.Slowest.Select(TransactionResponse.Of)]);
    }

    /// <param name="SpansLeftOut">Spans beyond those kept.</param>
    internal sealed record TransactionResponse(
        string? EventId, string? TraceId, DateTimeOffset StartedAt, double DurationMs, string? Status, int? HttpStatus,
        string? Release, double? DbReads, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<SpanResponse> Spans,
        int SpansLeftOut)
    {
        public static TransactionResponse Of(TransactionSignal transaction) => new(
            transaction.EventId, transaction.TraceId, transaction.Started, transaction.Duration.TotalMilliseconds,
            transaction.Status, transaction.HttpStatus, transaction.Release, transaction.DatabaseReads, transaction.Tags,
            [.. SpanTree.Of(transaction).Select(SpanResponse.Of)], transaction.SpansLeftOut);
    }

    /// <param name="Depth">The number of enclosing spans.</param>
    /// <param name="OffsetMs">Start of the span, from the start of the transaction.</param>
    internal sealed record SpanResponse(
        int Depth, string? Operation, string? Description, string? Status, double OffsetMs, double DurationMs,
        IReadOnlyDictionary<string, string> Data)
    {
        public static SpanResponse Of(SpanNode node) => new(
            node.Depth, node.Span.Operation, node.Span.Description, node.Span.Status, node.Offset.TotalMilliseconds,
            node.Span.Duration.TotalMilliseconds, node.Span.Data);
    }

    /// <param name="LeftOut">Events beyond the limit.</param>
    internal sealed record EventsResponse(IReadOnlyList<EventResponse> Events, int LeftOut, long Evicted);

    internal enum EventKind
    {
        Error,
        Transaction,
    }

    /// <param name="Kind">Null for any other envelope.</param>
    /// <param name="Reason">The reason for the state, if the state needs one.</param>
    internal sealed record EventResponse(
        string? EventId, EventKind? Kind, DateTimeOffset At, string? Title, string? Release, string? FailureMode,
        SignalState State, string? Reason)
    {
        public static EventResponse Of(SignalEntry entry)
        {
            var signal = entry.Signals.Count > 0 ? entry.Signals[0] : null;
            (EventKind?, string?) shown = signal switch
            {
                ErrorSignal error => (EventKind.Error, IssueGroup.TitleOf(error)),
                TransactionSignal transaction => (EventKind.Transaction, transaction.Transaction),
                _ => (null, null),
            };
            var (kind, title) = shown;
            return new EventResponse(
                entry.EventId, kind, signal?.At ?? entry.ReceivedAt, title, signal?.Release,
                signal?.Tags.GetValueOrDefault(SignalNames.ModeTag), entry.State, entry.Reason);
        }
    }

    /// <param name="Requests">Transactions since the mode was set, except those with status 4xx.</param>
    /// <param name="Undelivered">Envelopes since then that Sentry refused or that were dropped.</param>
    internal sealed record ExpectationsResponse(
        string? Mode, DateTimeOffset Since, long Requests, long Undelivered, IReadOnlyList<ExpectationResponse> Expectations,
        IReadOnlyList<SentryRequirement> SentryWants)
    {
        public static ExpectationsResponse Of(ExpectationReport report) => new(
            report.Label, report.Since, report.Requests, report.Undelivered,
            [.. report.Expectations.Select(ExpectationResponse.Of)], report.SentryRequirements);
    }

    internal sealed record ExpectationResponse(
        string Id, string Statement, ExpectationState State, long Observed, string? LatestEventId, string? Reason)
    {
        public static ExpectationResponse Of(Expectation expectation) => new(
            expectation.Expected.Id, expectation.Expected.Statement, expectation.State, expectation.Observed,
            expectation.LatestEventId, expectation.Reason);
    }
}
