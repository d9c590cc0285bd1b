namespace MockSre.Web.Http;

/// <summary>Requests that load balancers and containers send to see whether the service is up.</summary>
internal static class HealthProbe
{
    public const string Path = "/health";

    /// <summary>Whether a request is a probe, and nothing else.</summary>
    public static bool Is(HttpRequest request) => HttpMethods.IsGet(request.Method) && IsPath(request.Path);

    /// <summary>Whether a path is exactly that of the health endpoint.</summary>
    public static bool IsPath(PathString path) => path.Equals(Path, StringComparison.OrdinalIgnoreCase);
}
