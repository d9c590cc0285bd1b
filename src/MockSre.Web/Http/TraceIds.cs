using System.Diagnostics;

namespace MockSre.Web.Http;

internal static class TraceIds
{
    /// <summary>The current trace id: Sentry's for a Sentry transaction, else the activity's.</summary>
    public static string? CurrentTraceId(this IHub hub) => hub.GetSpan()?.TraceId.ToString() ?? Activity.Current?.TraceId.ToString();
}
