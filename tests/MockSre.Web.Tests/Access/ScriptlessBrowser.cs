using System.Net.Http.Headers;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using MockSre.Web.Access;

namespace MockSre.Web.Tests.Access;

/// <summary>A browser without JavaScript. It keeps cookies, follows no redirect, and posts forms with the antiforgery token.</summary>
internal sealed class ScriptlessBrowser : IDisposable
{
    private readonly MockSreApp _app;
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _cookies = [];

    public ScriptlessBrowser(MockSreApp app)
        : this(app, app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false }))
    {
    }

    private ScriptlessBrowser(MockSreApp app, HttpClient http)
    {
        _app = app;
        _http = http;
    }

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    /// <summary>Headers that each request carries, such as those of a proxy.</summary>
    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>For a service on a real socket. Its default clients follow redirects.</summary>
    public static ScriptlessBrowser OnSocket(MockSreApp app)
    {
        using var client = app.CreateClient();
        return new ScriptlessBrowser(
            app,
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = client.BaseAddress });
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Opens a page as a browser's address bar does.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        return SendAsync(request);
    }

    /// <summary>Posts a form with the antiforgery token that matches the cookies.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        PostAsync(path, origin: null, fields);

    /// <summary>Posts a form with an antiforgery token and an <c>Origin</c> header.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string? origin, params (string Name, string Value)[] fields)
    {
        // The real page renders its form within a circuit. The same service gives it the same token.
        using var scope = _app.Services.CreateScope();
        var page = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        page.Request.Host = new HostString("localhost");
        page.Request.Headers.Cookie = CookieHeader;
        SessionCookie.Read(page);
        var form = scope.ServiceProvider.GetRequiredService<IAntiforgery>().GetAndStoreTokens(page);
        Keep(page.Response.Headers.SetCookie);
        return PostWithoutTokenAsync(path, origin, [.. fields, (form.FormFieldName, form.RequestToken!)]);
    }

    public Task<HttpResponseMessage> PostWithoutTokenAsync(string path, params (string Name, string Value)[] fields) =>
        PostWithoutTokenAsync(path, origin: null, fields);

    private Task<HttpResponseMessage> PostWithoutTokenAsync(string path, string? origin, (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private string CookieHeader => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (_cookies.Count > 0)
            {
                request.Headers.Add("Cookie", CookieHeader);
            }

            var response = await _http.SendAsync(request);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                Keep(set);
            }

            return response;
        }
    }

    private void Keep(IEnumerable<string?> set)
    {
        foreach (var cookie in set.OfType<string>())
        {
            var parts = cookie.Split(';')[0].Split('=', 2);
            if (parts[1].Length > 0)
            {
                _cookies[parts[0]] = parts[1];
            }
            else
            {
                _cookies.Remove(parts[0]);
            }
        }
    }
}
