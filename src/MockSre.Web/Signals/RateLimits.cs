using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace MockSre.Web.Signals;

/// <summary>Sentry's rate limits: https://develop.sentry.dev/sdk/expected-features/rate-limiting/</summary>
internal sealed class RateLimits(TimeProvider time)
{
    /// <summary>The pause after a 429 without a time.</summary>
    public static readonly TimeSpan Fallback = TimeSpan.FromSeconds(60);

    /// <summary>Longer pauses are cut to this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const string LimitsHeader = "X-Sentry-Rate-Limits";
    private const string Everything = "";

    // Timestamps of the monotonic clock.
    private readonly ConcurrentDictionary<string, long> _until = new();

    /// <summary>Whether a category, such as <c>error</c> or <c>transaction</c>, is limited now.</summary>
    public bool Forbid(string category) => Holds(category) || Holds(Everything);

    /// <summary>Reads the limits from an answer.</summary>
    /// <param name="categories">The categories that are sent; limits of others are ignored.</param>
    public void Learn(HttpResponseMessage answer, IReadOnlyCollection<string> categories)
    {
        var understood = false;
        if (answer.Headers.TryGetValues(LimitsHeader, out var limits))
        {
            foreach (var limit in string.Join(',', limits).Split(',', StringSplitOptions.TrimEntries))
            {
                understood |= TryLearn(limit, categories);
            }
        }

        if (!understood && answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            Keep(Everything, Wait(answer.Headers.RetryAfter));
        }
    }

    private static TimeSpan Within(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;

    private bool Holds(string category) => _until.TryGetValue(category, out var until) && time.GetTimestamp() < until;

    // Format: seconds:category;category:scope:reason. No category means all.
    private bool TryLearn(string limit, IReadOnlyCollection<string> categories)
    {
        var parts = limit.Split(':');

        // The negated comparison also refuses NaN, which parses as a number.
        if (parts.Length < 2
            || !double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || !(seconds >= 0))
        {
            return false;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
        foreach (var category in parts[1].Split(';', StringSplitOptions.TrimEntries))
        {
            if (category.Length == 0 || categories.Contains(category))
            {
                Keep(category, wait);
            }
        }

        return true;
    }

    private TimeSpan Wait(RetryConditionHeaderValue? retryAfter) => retryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => Fallback,
    };

    private void Keep(string category, TimeSpan wait)
    {
        var until = time.GetTimestamp() + (long)(Within(wait).TotalSeconds * time.TimestampFrequency);
        _until.AddOrUpdate(category, until, (_, earlier) => earlier > until ? earlier : until);
    }
}
