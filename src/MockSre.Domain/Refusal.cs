namespace MockSre.Domain;

/// <summary>Why the service does not do what a caller asks for.</summary>
/// <param name="Title">The reason in a few words, without a full stop.</param>
/// <param name="Detail">The reason in sentences, and what to do instead.</param>
public sealed record Refusal(RefusalKind Kind, string Title, string Detail)
{
    public override string ToString() => $"{Title}. {Detail}";
}

public enum RefusalKind
{
    /// <summary>The request cannot be understood, or has a value that is not allowed.</summary>
    Invalid,

    /// <summary>The request names something that does not exist.</summary>
    NotFound,

    /// <summary>The present state of the service does not allow it.</summary>
    NotNow,

    /// <summary>The present state does not allow it yet. The same request can succeed in a few seconds.</summary>
    TooEarly,

    /// <summary>Too many callers ask for the same at once.</summary>
    TooMany,
}
