namespace MockSre.Web.Incidents;

/// <summary>
/// Decides which redirects of a webhook receiver are followed: a few that keep the method, to the same host and port or from http to https.
/// </summary>
internal static class WebhookRedirect
{
    /// <summary>Redirects that one attempt follows.</summary>
    public const int Limit = 5;

    /// <param name="answer">An answer with a status from 300 to 399.</param>
    /// <param name="visited">The addresses called so far in this attempt, the redirecting one last.</param>
    /// <param name="target">The address to call next.</param>
    /// <returns>Why the redirect is not followed. Null for one that is.</returns>
    public static string? Refusal(HttpResponseMessage answer, IReadOnlyList<Uri> visited, out Uri target)
    {
        var from = visited[^1];
        target = from;
        var status = (int)answer.StatusCode;
        if (answer.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return $"status {status}: only redirects that keep the method are followed, 307 and 308";
        }

        if (answer.Headers.Location is not { } location || !Uri.TryCreate(from, location, out var to))
        {
            return $"status {status} without a usable Location";
        }

        target = to;
        return !IsSameHost(from, to)
            ? $"status {status} to {to.GetLeftPart(UriPartial.Authority)}: redirects are followed to the same host and port only"
            : visited.Contains(to) ? $"status {status}: the redirects are a loop"
            : visited.Count > Limit ? $"status {status}: more than {Limit} redirects"
            : null;
    }

    private static bool IsSameHost(Uri from, Uri to) =>
        string.Equals(from.IdnHost, to.IdnHost, StringComparison.OrdinalIgnoreCase)
        && ((from.Scheme == to.Scheme && from.Port == to.Port) || (from.Scheme == Uri.UriSchemeHttp && to.Scheme == Uri.UriSchemeHttps));
}
