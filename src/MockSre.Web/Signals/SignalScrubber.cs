using MockSre.Domain.Signals;

namespace MockSre.Web.Signals;

/// <summary>
/// Lets out what belongs to a profile request, and the console's own failures, without what the SDK adds to it of the machine, its files and the client. What
/// may stay is named; whatever a later version of the SDK adds is left out.
/// </summary>
internal static class SignalScrubber
{
    /// <summary>Characters of a header or an address that are kept: who asks needs no more, and whoever sends more wants to fill something.</summary>
    private const int MaxTextLength = 200;

    private const int MaxIdLength = 10;

    private static readonly string[] RequestHeaders = ["Accept", "Host", "User-Agent"];

    private static readonly string[] Contexts =
        ["trace", "runtime", "os", "Memory Info", SignalNames.DeploymentContext, SignalNames.TimeoutContext, SignalNames.ConsoleContext];

    private static readonly string[] Breadcrumbs = [SignalNames.CacheCategory, SignalNames.PoolCategory, SignalNames.DatabaseCategory];

    private static readonly string[] SpanData =
        [SignalNames.CacheHit, SignalNames.PoolLimit, SignalNames.PoolInUse, SignalNames.PoolWaiting, "db.system", "db.name"];

    private static readonly string[] Tags = [SignalNames.ModeTag, SignalNames.ScenarioTag];

    /// <summary>The event as it may leave; null for one that is no profile request's.</summary>
    public static SentryEvent? Scrub(SentryEvent error)
    {
        var ofConsole = error.Contexts.ContainsKey(SignalNames.ConsoleContext);
        if (!ofConsole && !IsOfProfileRequest(error))
        {
            return null;
        }

        Clean(error);
        if (ofConsole)
        {
            // The request is the circuit's, which is no request of anything that failed; nor is what it is named after.
            error.Request = new SentryRequest();
            error.TransactionName = null;
        }

        // Images name the files they were loaded from. Frames have their lines already, so nobody needs them, nor addresses within them.
        error.DebugImages = null;
        foreach (var frame in error.SentryExceptions?.SelectMany(exception => exception.Stacktrace?.Frames ?? []) ?? [])
        {
            frame.InstructionAddress = null;
            frame.AddressMode = null;
            frame.FunctionId = null;
        }

        Group(error);
        return error;
    }

    /// <summary>Names the issue as the inbox does, by type and throwing method. Trackers then group by neither message nor line.</summary>
    private static void Group(SentryEvent error)
    {
        if (error.SentryExceptions?.LastOrDefault() is not { Type: { } type } thrown)
        {
            return;
        }

        SignalFrame[] newestFirst =
        [
            .. (thrown.Stacktrace?.Frames ?? []).Reverse()
                .Select(frame => new SignalFrame(frame.Function, null, null, frame.InApp ?? false)),
        ];
        error.SetFingerprint(SignalFrame.ThrowingMethod(newestFirst) is { } method ? [type, method] : [type]);
    }

    /// <summary>The breadcrumb if it is one of a request's steps; null for the SDK's own, such as the one that repeats the event.</summary>
    public static Breadcrumb? Scrub(Breadcrumb breadcrumb) => Breadcrumbs.Contains(breadcrumb.Category) ? breadcrumb : null;

    /// <summary>The transaction as it may leave.</summary>
    public static SentryTransaction? Scrub(SentryTransaction transaction)
    {
        if (!IsOfProfileRequest(transaction))
        {
            return null;
        }

        Clean(transaction);
        foreach (var span in transaction.Spans)
        {
            // Among it is what EF takes for the server: with SQLite, the path of the file.
            foreach (var name in span.Data.Keys.Except(SpanData).ToList())
            {
                span.SetData(name, null);
            }
        }

        return transaction;
    }

    private static bool IsOfProfileRequest(IEventLike signal) => signal.Contexts.ContainsKey(SignalNames.DeploymentContext);

    private static void Clean(IEventLike signal)
    {
        // No query either: the endpoint reads none, so what stands there is somebody's mistake.
        var request = new SentryRequest { Method = signal.Request.Method, Url = AddressOf(signal.Request.Url) };
        foreach (var header in RequestHeaders)
        {
            if (signal.Request.Headers.TryGetValue(header, out var value))
            {
                request.Headers[header] = Cut(value);
            }
        }

        signal.Request = request;
        signal.User = new SentryUser();
        foreach (var context in signal.Contexts.Keys.Except(Contexts).ToList())
        {
            signal.Contexts.Remove(context);
        }

        foreach (var tag in signal.Tags.Keys.Except(Tags).ToList())
        {
            signal.UnsetTag(tag);
        }
    }

    // Only where it ends in what a user id looks like: whatever else stands there is somebody's mistake too. A slash after it makes no other path.
    private static string? AddressOf(string? url)
    {
        if (url?.TrimEnd('/') is not { } address)
        {
            return null;
        }

        var id = address[(address.LastIndexOf('/') + 1)..];
        return Cut(id.Length <= MaxIdLength && id.All(char.IsAsciiDigit) ? address : address[..^id.Length]);
    }

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];
}
