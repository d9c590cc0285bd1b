namespace MockSre.Web.Http;

/// <summary>
/// Cleans host names before anything reads them. Punycode becomes lower case. A host with invalid punycode becomes empty, and is
/// refused as an unknown host. The framework would throw an exception instead.
/// </summary>
internal sealed class ReadableHosts(RequestDelegate next, ServiceSettings settings)
{
    private const string Punycode = "xn--";
    private const string ForwardedHost = "X-Forwarded-Host";

    private readonly bool _hasForwarders = settings.Forwarders.Count > 0;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Host.ToString() is var host && IsPunycode(host))
        {
            headers.Host = Readable(host);
        }

        // The header is used only with trusted proxies.
        if (_hasForwarders && headers[ForwardedHost].ToString() is var forwarded && IsPunycode(forwarded))
        {
            var hosts = forwarded.Split(',', StringSplitOptions.TrimEntries).Select(Readable).ToList();
            if (hosts.Contains(""))
            {
                headers.Host = "";
                headers.Remove(ForwardedHost);
            }
            else
            {
                headers[ForwardedHost] = string.Join(", ", hosts);
            }
        }

        return next(context);
    }

    private static bool IsPunycode(string host) => host.Contains(Punycode, StringComparison.OrdinalIgnoreCase);

    private static string Readable(string host)
    {
        var lower = host.ToLowerInvariant();
        try
        {
            _ = HostString.FromUriComponent(lower);
            return lower;
        }
        catch (ArgumentException)
        {
            return "";
        }
    }
}
