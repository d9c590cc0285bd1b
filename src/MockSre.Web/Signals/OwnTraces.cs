namespace MockSre.Web.Signals;

/// <summary>
/// Removes trace headers of callers, so that each request starts its own trace. Otherwise a caller could merge failures into one
/// trace, choose what is sampled, and send text through its baggage.
/// </summary>
internal sealed class OwnTraces : IStartupFilter
{
    private static readonly string[] Headers = ["sentry-trace", "baggage", "traceparent", "tracestate"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, next) =>
        {
            foreach (var header in Headers)
            {
                context.Request.Headers.Remove(header);
            }

            return next(context);
        });
        next(app);
    };
}
