using Microsoft.AspNetCore.HttpOverrides;
using MockSre.Domain.Settings;

namespace MockSre.Web.Http;

/// <summary>
/// Cleans host names before anything reads them. Punycode is written in lower case. A host with invalid punycode becomes empty, and is then
/// refused as an unknown host. Otherwise the framework would throw an exception wherever the host is read.
/// </summary>
internal sealed class ReadableHosts(RequestDelegate next, ServiceSettings settings)
{
    private const string Punycode = "xn--";

    private readonly bool _hasForwarders = settings.Forwarders.Count > 0;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Host.ToString() is var host && IsPunycode(host))
        {
            headers.Host = Readable(host);
        }

        // Only proxies that are trusted are believed, and only then is the header read.
        if (_hasForwarders && headers[ForwardedHeadersDefaults.XForwardedHostHeaderName].ToString() is var forwarded && IsPunycode(forwarded))
        {
            var hosts = forwarded.Split(',', StringSplitOptions.TrimEntries).Select(Readable).ToList();
            if (hosts.Contains(""))
            {
                headers.Host = "";
                headers.Remove(ForwardedHeadersDefaults.XForwardedHostHeaderName);
            }
            else
            {
                headers[ForwardedHeadersDefaults.XForwardedHostHeaderName] = string.Join(", ", hosts);
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
