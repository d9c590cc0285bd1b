namespace MockSre.Domain.Profiles;

/// <summary>A profile request ran past its deadline (<c>INJECT_TIMEOUT_ERRORS</c>).</summary>
public sealed class ProfileDeadlineException(TimeSpan deadline)
    : ProfileTimeoutException("The profile was not complete within its deadline")
{
    public TimeSpan Deadline => deadline;

    public override string Details => FormattableString.Invariant(
        $"The profile was not complete within its deadline of {deadline.TotalMilliseconds:N0} ms");
}
