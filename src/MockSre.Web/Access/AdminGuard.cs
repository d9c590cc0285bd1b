using System.Net.Sockets;
using Microsoft.Net.Http.Headers;
using MockSre.Web.Http;

namespace MockSre.Web.Access;

/// <summary>Marks an endpoint that needs admin rights.</summary>
internal sealed class AdminEndpoint;

/// <summary>Protects each <see cref="AdminEndpoint"/> and all paths under <c>/admin</c> with <see cref="AdminAccess"/>.</summary>
internal sealed class AdminGuard(RequestDelegate next, AdminAccess access)
{
    private const string Scheme = "Bearer ";

    public static bool Guards(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/admin") || context.GetEndpoint()?.Metadata.GetMetadata<AdminEndpoint>() is not null;

    public Task InvokeAsync(HttpContext context)
    {
        switch (Decide(context))
        {
            case AdminDecision.Granted:
                return next(context);
            case AdminDecision.OnlyInDemo:
                return context.WriteProblemAsync(
                    StatusCodes.Status403Forbidden, "Only in ENV=demo", "The service can be changed only if it was started with ENV=demo.");
            case AdminDecision.TooManyWrongTokens:
                return RefuseWrongTokensAsync(context);
            case AdminDecision.TokenWrong:
                context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                return context.WriteProblemAsync(
                    StatusCodes.Status401Unauthorized, "Wrong admin token", "The bearer token is not the ADMIN_TOKEN of this service.");
            default:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return context.WriteProblemAsync(
                    StatusCodes.Status401Unauthorized, "Admin token needed", "Send the header 'Authorization: Bearer <ADMIN_TOKEN>'.");
        }
    }

    internal static Task RefuseWrongTokensAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = AdminAccess.WrongTokenWindow.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return context.WriteProblemAsync(
            StatusCodes.Status429TooManyRequests, "Too many wrong tokens",
            $"Wait {AdminAccess.WrongTokenWindow.TotalSeconds} seconds before trying again.");
    }

    // Browsers send a session cookie without being asked, so it allows reading only. Changes need the token.
    private AdminDecision Decide(HttpContext context)
    {
        var token = BearerToken(context.Request);
        if (token is null && !context.ChangesState())
        {
            SessionCookie.Read(context);
            return access.Decide(changes: false, SessionCookie.SessionOf(context.User));
        }

        return access.Decide(context.ChangesState(), token, Client(context.Connection.RemoteIpAddress));
    }

    /// <summary>The key for rate limits. All loopback addresses share one, and so do the addresses of an IPv6 /64 network.</summary>
    internal static string Client(IPAddress? address) => address switch
    {
        null => "local",
        _ when IPAddress.IsLoopback(address) => "local",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } =>
            Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.MapToIPv4().ToString(),
    };

    internal static string? BearerToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization] is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
}
