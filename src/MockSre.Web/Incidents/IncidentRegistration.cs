using MockSre.Domain.Incidents.Grading;

namespace MockSre.Web.Incidents;

internal static class IncidentRegistration
{
    /// <summary>Adds incident runs, except for their store and their scenarios.</summary>
    public static void AddIncidentRuns(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Lazy<ConstantAnswer>(
            () => ConstantAnswer.BestFor(provider.GetRequiredService<ScenarioCatalog>())));
        services.AddSingleton<ServiceReset>();
        services.AddSingleton<ChangeGate>();
        services.AddSingleton<AlertWebhook>();
        services.AddSingleton<VisitorRateLimiter>();
        services.AddSingleton<VisitorTraces>();
        services.AddSingleton(provider => new IncidentLog(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<IncidentRuns>>()));
        services.AddSingleton<RunLocks>();
        services.AddSingleton<CurrentRun>();
        services.AddSingleton<LeftOpenRuns>();
        services.AddSingleton<IncidentHistory>();
        services.AddSingleton<RunKeeper>();
        services.AddSingleton<IncidentPlanning>();
        services.AddSingleton<IncidentRuns>();
        services.AddSingleton<Investigations>();
    }
}
