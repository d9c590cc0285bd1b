namespace MockSre.Web.Signals;

/// <summary>Lets each request begin a trace of its own, by taking off what its caller says of one before the SDK reads it.</summary>
/// <remarks>
/// Here is where traces begin. A caller could otherwise put many failures into one trace, decide which of them are sampled, and
/// have the SDK send whatever stands in its baggage.
/// </remarks>
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
