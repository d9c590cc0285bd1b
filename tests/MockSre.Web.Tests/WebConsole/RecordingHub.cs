using System.Reflection;
using Sentry.Extensibility;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>A hub that records events with their scope applied. All other calls go to a disabled hub.</summary>
public class RecordingHub : DispatchProxy
{
    private readonly List<SentryEvent> _events = [];

    internal IReadOnlyList<SentryEvent> Events => _events;

    internal static (IHub Hub, RecordingHub Recording) Create()
    {
        var hub = Create<IHub, RecordingHub>();
        return (hub, (RecordingHub)(object)hub);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == $"get_{nameof(IHub.IsEnabled)}")
        {
            return true;
        }

        if (args?.OfType<SentryEvent>().SingleOrDefault() is not { } captured)
        {
            return targetMethod.Invoke(DisabledHub.Instance, args);
        }

        var scope = new Scope(new SentryOptions());
        args.OfType<Action<Scope>>().SingleOrDefault()?.Invoke(scope);
        foreach (var (name, context) in scope.Contexts)
        {
            captured.Contexts[name] = context;
        }

        _events.Add(captured);
        return captured.EventId;
    }
}
