namespace MockSre.Domain.Signals;

/// <summary>
/// What Sentry makes an issue or a trace of, as far as it is shown here. What the sender left out is null or empty.
/// </summary>
public abstract record Signal
{
    private protected Signal()
    {
    }

    /// <summary>32 lower-case hex digits.</summary>
    public string? EventId { get; init; }

    /// <summary>When the error happened or the transaction ended, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The trace it belongs to, which an error shares with the transaction it happened in.</summary>
    public string? TraceId { get; init; }

    /// <summary>The deployed version.</summary>
    public string? Release { get; init; }

    /// <summary>Such as <c>demo</c>.</summary>
    public string? Environment { get; init; }

    /// <summary>The transaction's name, such as <c>GET /api/users/profile/{user_id}</c>.</summary>
    public string? Transaction { get; init; }

    /// <summary>At most <see cref="SignalReader.MaxEntries"/>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The number of the deployment that its request met, from its own context <c>deployment</c>.</summary>
    public long? Deployment { get; init; }

    /// <summary>What happened before, oldest first: the newest <see cref="SignalReader.MaxEntries"/>.</summary>
    public IReadOnlyList<SignalBreadcrumb> Breadcrumbs { get; init; } = [];
}

/// <summary>Something that happened before a signal.</summary>
/// <param name="At">UTC.</param>
/// <param name="Category">Such as <c>cache</c>.</param>
/// <param name="Message">What happened.</param>
/// <param name="Level">Such as <c>error</c>; the SDK leaves out <c>info</c>.</param>
/// <param name="Data">At most <see cref="SignalReader.MaxEntries"/>.</param>
public sealed record SignalBreadcrumb(
    DateTimeOffset? At, string? Category, string? Message, string? Level, IReadOnlyDictionary<string, string> Data);
