using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MockSre.Web.Signals;

/// <summary>What Sentry asked not to be sent for a while: https://develop.sentry.dev/sdk/expected-features/rate-limiting/</summary>
internal sealed class RateLimits(TimeProvider time)
{
    /// <summary>For how long nothing is sent where Sentry says 429 and not for how long.</summary>
    public static readonly TimeSpan Fallback = TimeSpan.FromSeconds(60);

    /// <summary>The longest time that is believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const string LimitsHeader = "X-Sentry-Rate-Limits";
    private const string Everything = "";

    // By the clock that nobody sets.
    private readonly ConcurrentDictionary<string, long> _until = new();

    /// <summary>Whether signals of a category, such as <c>error</c> or <c>transaction</c>, are not to be sent now.</summary>
    public bool Forbid(string category) => Holds(category) || Holds(Everything);

    /// <summary>Takes an answer's wishes, for the categories given and no others.</summary>
    /// <param name="categories">What is ever sent; wishes for other categories are not kept.</param>
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

    // seconds:category;category:scope:reason, where no category means all.
    private bool TryLearn(string limit, IReadOnlyCollection<string> categories)
    {
        var parts = limit.Split(':');
        if (parts.Length < 2
            || !double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || !(seconds >= 0)) // NaN and -Infinity are numbers to the parser, and to nobody else
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
