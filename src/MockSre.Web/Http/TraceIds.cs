using System.Diagnostics;

namespace MockSre.Web.Http;

internal static class TraceIds
{
    /// <summary>The bare id of the current trace, as tracing tools show and search it. Sentry's, where the request is a transaction there.</summary>
    public static string? CurrentTraceId(this IHub hub) =>
        hub.GetSpan()?.TraceId.ToString() ?? Activity.Current?.TraceId.ToString();
}
