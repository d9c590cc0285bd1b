namespace MockSre.Web.Tests.Composition;

/// <summary>The program that tests start: the published one that the variable SERVICE names, else the build beside the tests.</summary>
internal static class ServiceProgram
{
    public static string File { get; } = Environment.GetEnvironmentVariable("SERVICE") is { Length: > 0 } published
        ? Path.GetFullPath(published)
        : Path.Combine(AppContext.BaseDirectory, "MockSre.Web.dll");

    public static string Directory { get; } = Path.GetDirectoryName(File)!;
}
