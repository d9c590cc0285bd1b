using Microsoft.AspNetCore.SignalR;
using MockSre.Web.Access;

namespace MockSre.Web.WebConsole;

/// <summary>Gives each console connection a place in <see cref="ConsolePlaces"/>, and closes connections that start no circuit.</summary>
internal sealed class ConsoleConnections(ConsolePlaces places, TimeProvider time) : IHubFilter
{
    /// <summary>A connection without a circuit is closed after this time.</summary>
    public static readonly TimeSpan StartWindow = TimeSpan.FromSeconds(15);

    /// <summary>The first message must arrive within this time.</summary>
    public static readonly TimeSpan HandshakeWindow = TimeSpan.FromSeconds(10);

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var caller = context.Context;
        if (places.TryOpen(AdminGuard.Client(caller.GetHttpContext()?.Connection.RemoteIpAddress)) is not { } place)
        {
            caller.Abort();
            return;
        }

        caller.Items[typeof(Visit)] = new Visit(place, time.CreateTimer(_ => caller.Abort(), null, StartWindow, Timeout.InfiniteTimeSpan));
        await next(context);
    }

    // StartCircuit, ConnectCircuit and ResumeCircuit are the methods of Blazor's hub that start or resume a circuit.
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next) =>
        invocation.HubMethodName is "StartCircuit" or "ConnectCircuit" or "ResumeCircuit"
            ? BeginAsync(invocation, next)
            : next(invocation);

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (VisitOf(context.Context) is { } visit)
        {
            await visit.Deadline.DisposeAsync();
            places.Close(visit.Place, keep: visit.HasCircuit);
        }

        await next(context, exception);
    }

    private static async ValueTask<object?> BeginAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var result = await next(invocation);
        if (result is string or true && VisitOf(invocation.Context) is { } visit)
        {
            visit.HasCircuit = true;
            await visit.Deadline.DisposeAsync();
        }

        return result;
    }

    private static Visit? VisitOf(HubCallerContext caller) => caller.Items.TryGetValue(typeof(Visit), out var visit) ? (Visit?)visit : null;

    private sealed record Visit(ConsolePlace Place, ITimer Deadline)
    {
        public bool HasCircuit { get; set; }
    }
}
