namespace MockSre.Domain.Settings;

public enum ServiceEnvironment
{
    /// <summary>The default: nothing can be changed at run time.</summary>
    Local,

    /// <summary>Admin calls may change the failure mode and start load.</summary>
    Demo,
}

public static class ServiceEnvironments
{
    /// <summary>The value of <c>ENV</c> and of Sentry's environment.</summary>
    public static string Name(this ServiceEnvironment environment) => environment == ServiceEnvironment.Demo ? "demo" : "local";
}
