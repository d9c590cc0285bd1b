namespace MockSre.Domain.Signals;

/// <summary>An error event: the outermost exception, or a message without one.</summary>
public sealed record ErrorSignal : Signal
{
    /// <summary>The exception's type with its namespace; null for a message without an exception.</summary>
    public string? Type { get; init; }

    /// <summary>The type as Sentry's titles have it: without namespace, outer types and type arguments.</summary>
    public string? ShortType => Type is null ? null : ShortNameOf(Type);

    public string? Message { get; init; }
    public string? Level { get; init; }

    /// <summary>Sentry's <c>mechanism.handled</c>: false for an exception that failed a request.</summary>
    public bool? Handled { get; init; }

    /// <summary>The method that threw; see <see cref="SignalFrame.ThrowingMethod"/>.</summary>
    public string? ThrownFrom { get; init; }

    /// <summary>The numbers of a timeout, from the context <c>timeout</c>; empty for other errors.</summary>
    public IReadOnlyDictionary<string, string> Numbers { get; init; } = new Dictionary<string, string>();

    /// <summary>Newest first, at most <see cref="SignalReader.MaxFrames"/>.</summary>
    public IReadOnlyList<SignalFrame> Frames { get; init; } = [];

    private static string ShortNameOf(string type)
    {
        var name = type.AsSpan();
        var arguments = name.IndexOfAny('`', '[', '<');
        name = arguments < 0 ? name : name[..arguments];
        var shortName = name[(name.LastIndexOfAny('.', '+') + 1)..];
        return shortName.IsEmpty ? type : shortName.ToString();
    }
}

/// <param name="Function">As the SDK writes it, with parameters.</param>
/// <param name="File">The source file, as a full path if known.</param>
/// <param name="Line">From 1.</param>
/// <param name="InApp">Whether the code belongs to the application and not to a library.</param>
public sealed record SignalFrame(string? Function, string? File, int? Line, bool InApp)
{
    /// <summary>The method of the newest frame of the application, or else of the newest frame.</summary>
    /// <returns>Such as <c>ConnectionPool.AcquireAsync</c>; null if there is no name.</returns>
    public static string? ThrowingMethod(IReadOnlyList<SignalFrame> newestFirst) =>
        newestFirst is [var newest, ..] ? FunctionName.Of((newestFirst.FirstOrDefault(frame => frame.InApp) ?? newest).Function) : null;
}
