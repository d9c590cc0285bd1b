namespace MockSre.Web.Incidents;

/// <summary>Changes of the service by hand. They are refused while an incident run is open.</summary>
internal sealed class ManualChange(ChangeGate changes) : IEndpointFilter
{
    public static readonly Refusal Refusal =
        new(RefusalKind.NotNow, "An incident is open", "Modes, loads and resets wait until the incident run is closed.");

    /// <summary>Begins a change. It lasts until the result is disposed of.</summary>
    /// <exception cref="RefusedException">An incident run is open.</exception>
    public static IDisposable Begin(ChangeGate changes) => changes.TryEnter() ?? throw new RefusedException(Refusal);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var change = Begin(changes);
        return await next(context);
    }
}
