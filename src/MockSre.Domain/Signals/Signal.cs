namespace MockSre.Domain.Signals;

/// <summary>An error or a transaction as Sentry shows it. Values that the sender left out are null or empty.</summary>
public abstract record Signal
{
    private protected Signal() { }

    /// <summary>32 lower-case hex digits.</summary>
    public string? EventId { get; init; }

    /// <summary>When the error happened or the transaction ended, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>An error has the trace id of the transaction in which it happened.</summary>
    public string? TraceId { get; init; }

    public string? Release { get; init; }
    public string? Environment { get; init; }

    /// <summary>The transaction's name, such as <c>GET /api/users/profile/{user_id}</c>.</summary>
    public string? Transaction { get; init; }

    /// <summary>At most <see cref="SignalReader.MaxEntries"/>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The number of the deployment that served the request, from the context <c>deployment</c>.</summary>
    public long? Deployment { get; init; }

    /// <summary>Oldest first: the newest <see cref="SignalReader.MaxEntries"/>.</summary>
    public IReadOnlyList<SignalBreadcrumb> Breadcrumbs { get; init; } = [];
}

/// <summary>Something that happened before a signal.</summary>
/// <param name="Level">Such as <c>error</c>; the SDK leaves out <c>info</c>.</param>
/// <param name="Data">At most 100 further facts by name.</param>
public sealed record SignalBreadcrumb(
    [property: JsonConverter(typeof(MillisecondTimeConverter))] DateTimeOffset? At,
    string? Category, string? Message, string? Level, IReadOnlyDictionary<string, string> Data);
