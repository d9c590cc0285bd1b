namespace MockSre.Domain;

/// <summary>Ends a call that is refused. The API and the console each show its <see cref="Refusal"/> in their own form.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public RefusedException(RefusalKind kind, string title, string detail)
        : this(new Refusal(kind, title, detail)) { }

    public Refusal Refusal => refusal;

    /// <summary>Refuses a request with a wrong or missing value.</summary>
    public static RefusedException NotUnderstood(string detail) => new(RefusalKind.Invalid, "Not understood", detail);

    /// <inheritdoc cref="NotUnderstood"/>
    public static void Require(bool isValid, string detail)
    {
        if (!isValid)
        {
            throw NotUnderstood(detail);
        }
    }

    public static void ThrowIf(bool condition, RefusalKind kind, string title, string detail)
    {
        if (condition)
        {
            throw new RefusedException(kind, title, detail);
        }
    }
}
