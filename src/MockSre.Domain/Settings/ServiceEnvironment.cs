namespace MockSre.Domain.Settings;

/// <summary>Where the service runs, from <c>ENV</c>: it decides whether anything may be changed at run time.</summary>
public enum ServiceEnvironment
{
    /// <summary>The default: look, do not touch.</summary>
    Local,

    /// <summary>Admin calls may change the failure mode and start load.</summary>
    Demo,
}

/// <summary>What goes with <see cref="ServiceEnvironment"/>.</summary>
public static class ServiceEnvironments
{
    /// <summary>As <c>ENV</c> has it, and as Sentry calls it.</summary>
    public static string Name(this ServiceEnvironment environment) => environment == ServiceEnvironment.Demo ? "demo" : "local";
}
