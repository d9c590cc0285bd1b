namespace MockSre.Web.Tests.Composition;

/// <summary>The program that tests start: the published program in the variable SERVICE, otherwise the build beside the tests.</summary>
internal static class ServiceProgram
{
    private static readonly string? Published =
        Environment.GetEnvironmentVariable("SERVICE") is { Length: > 0 } published ? Path.GetFullPath(published) : null;

    public static string File { get; } = Published ?? Path.Combine(AppContext.BaseDirectory, "MockSre.Web.dll");

    public static string Directory { get; } = Path.GetDirectoryName(File)!;

    /// <summary>The settings that the program needs to serve the console.</summary>
    /// <remarks>A build finds its static files only in Development. The published program has them beside it.</remarks>
    public static (string Variable, string Value)[] Settings { get; } =
        Published is null ? [("ASPNETCORE_ENVIRONMENT", "Development")] : [];
}
