using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Load;
using MockSre.Web.Profiles;
using MockSre.Web.Signals;

namespace MockSre.Web.Composition;

/// <summary>The middleware of the profile endpoint, and the telemetry receivers of its requests.</summary>
internal static class ProfilePath
{
    /// <summary>Registers the receivers in the order in which they are called.</summary>
    public static void AddProfileTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<ProfileTelemetryFactory>(provider =>
        {
            var metrics = provider.GetRequiredService<LiveMetrics>();
            var log = provider.GetRequiredService<FailureLog>();
            return (_, _) => new ProfileFigures(metrics, log);
        });
        services.AddSingleton<ProfileTelemetryFactory>(provider =>
        {
            var hub = provider.GetRequiredService<IHub>();
            return (_, deployment) => hub.IsEnabled ? new ProfileSignals(hub, deployment) : null;
        });
        services.AddSingleton<ProfileTelemetryFactory>(provider =>
        {
            var current = provider.GetRequiredService<CurrentRun>();
            var hub = provider.GetRequiredService<IHub>();
            var time = provider.GetRequiredService<TimeProvider>();
            return (context, deployment) =>
                current.Run is { } run && run.Owns(deployment.Number) && context.Features.Get<EnteredDeployment>()!.IsOwnLoad
                    ? new IncidentTelemetry(run, deployment, context.Request.Path, hub.CurrentTraceId(), time)
                    : null;
        });
    }

    public static void UseProfileRequests(this WebApplication app)
    {
        var isOwnLoad = app.Services.GetRequiredService<OwnProfileClient>().Sent;
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/api/users/profile"),
            profile => profile
                .UseMiddleware<DeploymentEntry>(isOwnLoad)
                .UseMiddleware<VisitorLimit>()
                .UseMiddleware<ProfileRequests>());
    }
}
