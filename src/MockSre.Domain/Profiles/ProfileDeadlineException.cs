using System.Globalization;

namespace MockSre.Domain.Profiles;

/// <summary>A profile request ran past its deadline (<c>INJECT_TIMEOUT_ERRORS</c>).</summary>
public sealed class ProfileDeadlineException : TimeoutException
{
    internal ProfileDeadlineException(TimeSpan deadline)
        : base(string.Create(CultureInfo.InvariantCulture, $"The profile was not complete within its deadline of {deadline.TotalMilliseconds:N0} ms"))
        => Deadline = deadline;

    /// <summary>How long the request was given.</summary>
    public TimeSpan Deadline { get; }
}
