using MockSre.Domain.Faults;

namespace MockSre.Web.Incidents;

/// <summary>Lets an endpoint change the service only while no incident run has it, and no run begin meanwhile.</summary>
internal sealed class ManualChange(ChangeGate changes) : IEndpointFilter
{
    /// <summary>Why nothing is changed by hand now, in a sentence.</summary>
    public const string Refusal = "Modes, loads and resets wait until the incident run is closed.";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var change = changes.TryEnter();
        return change is null
            ? TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: IncidentDesk.Occupied, detail: Refusal)
            : await next(context);
    }
}
