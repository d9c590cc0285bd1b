namespace MockSre.Web.Signals;

/// <summary>Removes callers' trace headers. A caller could otherwise merge failures into one trace, or send text as baggage.</summary>
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
