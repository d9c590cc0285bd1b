namespace MockSre.Domain.Profiles;

/// <summary>A profile request failed because it took too long.</summary>
/// <remarks>Trackers group errors by message, so <see cref="Exception.Message"/> is constant and holds no numbers.</remarks>
public abstract class ProfileTimeoutException : TimeoutException
{
    private protected ProfileTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>The message with the numbers of this failure.</summary>
    public abstract string Details { get; }
}
