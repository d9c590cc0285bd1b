using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;

namespace MockSre.Web.Tests.Contract;

/// <summary>Fails a test when the service gives an answer that the OpenAPI document does not describe.</summary>
/// <remarks>Answers to a client that accepts HTML, or that has disconnected, are not part of the API.</remarks>
internal sealed class AnswerCheck(WebApplicationFactory<Program> app) : DelegatingHandler
{
    private static readonly MediaTypeWithQualityHeaderValue Page = new("text/html");

    /// <summary>Creates a client that checks every answer.</summary>
    public static HttpClient CreateClient(WebApplicationFactory<Program> app, WebApplicationFactoryClientOptions options)
    {
        List<DelegatingHandler> handlers = [];
        if (options.AllowAutoRedirect)
        {
            handlers.Add(new RedirectHandler(options.MaxAutomaticRedirections));
        }

        if (options.HandleCookies)
        {
            handlers.Add(new CookieContainerHandler());
        }

        return app.CreateDefaultClient(options.BaseAddress, [.. handlers, new AnswerCheck(app)]);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (cancellationToken.IsCancellationRequested || request.Headers.Accept.Any(accepted => accepted.MediaType == Page.MediaType))
        {
            return response;
        }

        var contract = await ApiContract.OfAsync(app);
        var mistake = await contract.CheckAnswerAsync(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            async () =>
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                return await response.Content.ReadAsStringAsync(cancellationToken);
            });
        Assert.True(mistake is null, mistake);
        return response;
    }
}
