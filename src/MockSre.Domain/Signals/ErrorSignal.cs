namespace MockSre.Domain.Signals;

/// <summary>An error event: an exception, or a message without one. Of chained exceptions it is the outermost.</summary>
public sealed record ErrorSignal : Signal
{
    /// <summary>The exception's type with its namespace; null for a mere message.</summary>
    public string? Type { get; init; }

    /// <summary>The exception's type as a title has it: without namespace, outer types and type arguments.</summary>
    public string? ShortType => Type is null ? null : ShortNameOf(Type);

    /// <summary>What the exception, or the message, says.</summary>
    public string? Message { get; init; }

    /// <summary>Such as <c>error</c> or <c>fatal</c>.</summary>
    public string? Level { get; init; }

    /// <summary>Whether the code that threw expected it to be caught; false for what failed a request.</summary>
    public bool? Handled { get; init; }

    /// <summary>
    /// The method that threw, such as <c>ConnectionPool.AcquireAsync</c>: that of the newest frame of the application itself, or else of the newest.
    /// Null if the exception has no stack.
    /// </summary>
    public string? ThrownFrom { get; init; }

    /// <summary>The numbers of a timeout, from its own context <c>timeout</c>; empty for other errors.</summary>
    public IReadOnlyDictionary<string, string> Numbers { get; init; } = new Dictionary<string, string>();

    /// <summary>The exception's stack, newest first: the newest <see cref="SignalReader.MaxFrames"/>.</summary>
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

/// <summary>One call on a stack.</summary>
/// <param name="Function">As the SDK writes it, with its parameters.</param>
/// <param name="File">The source file, by its full path if that is known.</param>
/// <param name="Line">From 1.</param>
/// <param name="InApp">Whether it is code of the application itself and not of a library.</param>
public sealed record SignalFrame(string? Function, string? File, int? Line, bool InApp)
{
    /// <summary>The method that threw, such as <c>ConnectionPool.AcquireAsync</c>; null where no frame names one.</summary>
    /// <param name="newestFirst">A stack.</param>
    public static string? ThrowingMethod(IReadOnlyList<SignalFrame> newestFirst)
    {
        var newest = newestFirst is [var first, ..] ? first : null;
        return FunctionName.Of((newestFirst.FirstOrDefault(frame => frame.InApp) ?? newest)?.Function);
    }
}
