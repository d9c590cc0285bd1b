namespace MockSre.Web.Http;

/// <summary>Recognises the health requests of load balancers and containers.</summary>
internal static class HealthProbe
{
    public const string Path = "/health";

    public static bool Is(HttpRequest request) => HttpMethods.IsGet(request.Method) && IsPath(request.Path);

    public static bool IsPath(PathString path) => path.Equals(Path, StringComparison.OrdinalIgnoreCase);
}
