namespace MockSre.Web.Signals;

/// <summary>
/// Passes only signals of profile requests and of the console, without what the SDK adds about the machine, its files and the client.
/// It lists the fields to keep, so additions of later SDK versions are removed too.
/// </summary>
internal static class SignalScrubber
{
    // Headers and addresses are cut, so that a client cannot fill memory with them.
    private const int MaxTextLength = 200;

    private const int MaxIdLength = 10;

    private static readonly string[] RequestHeaders = ["Accept", "Host", "User-Agent"];

    private static readonly string[] Contexts =
        ["trace", "runtime", "os", "Memory Info", SignalNames.DeploymentContext, SignalNames.TimeoutContext, SignalNames.ConsoleContext];

    private static readonly string[] Breadcrumbs = [SignalNames.CacheCategory, SignalNames.PoolCategory, SignalNames.DatabaseCategory];

    private static readonly string[] SpanData =
        [SignalNames.CacheHit, SignalNames.PoolLimit, SignalNames.PoolInUse, SignalNames.PoolWaiting, "db.system", "db.name"];

    private static readonly string[] Tags = [SignalNames.ModeTag, SignalNames.ScenarioTag];

    /// <summary>The cleaned event; null if it belongs to no profile request and not to the console.</summary>
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
            // The request is the circuit's. It has nothing to do with the failure.
            error.Request = new SentryRequest();
            error.TransactionName = null;
        }

        // Debug images contain file names. Frames have their lines already, so addresses are not needed.
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

    /// <summary>Groups issues like the inbox, by type and throwing method instead of by message or line.</summary>
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

    /// <summary>The breadcrumb of a request's step; null for the SDK's own breadcrumbs.</summary>
    public static Breadcrumb? Scrub(Breadcrumb breadcrumb) => Breadcrumbs.Contains(breadcrumb.Category) ? breadcrumb : null;

    /// <summary>The cleaned transaction; null if it belongs to no profile request.</summary>
    public static SentryTransaction? Scrub(SentryTransaction transaction)
    {
        if (!IsOfProfileRequest(transaction))
        {
            return null;
        }

        Clean(transaction);
        foreach (var span in transaction.Spans)
        {
            // For SQLite, EF reports the file path as the server.
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
        // The query is left out: the endpoint reads none.
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

    // Keeps the last segment only if it looks like a user id.
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
