namespace MockSre.Domain.Profiles;

/// <summary>A profile request ran past its deadline (<c>INJECT_TIMEOUT_ERRORS</c>).</summary>
public sealed class ProfileDeadlineException : ProfileTimeoutException
{
    internal ProfileDeadlineException(TimeSpan deadline)
        : base("The profile was not complete within its deadline")
        => Deadline = deadline;

    public TimeSpan Deadline { get; }

    public override string Details => FormattableString.Invariant(
        $"The profile was not complete within its deadline of {Deadline.TotalMilliseconds:N0} ms");
}
