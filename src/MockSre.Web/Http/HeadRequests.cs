using Microsoft.AspNetCore.Http.Features;

namespace MockSre.Web.Http;

/// <summary>Answers HEAD like GET, without the body (RFC 9110, 9.3.2). It runs before routing, which would answer 405.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments("/_blazor")
            ? AnswerAsync(context)
            : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var nothing = new StreamResponseBodyFeature(Stream.Null);
        context.Features.Set<IHttpResponseBodyFeature>(nothing);
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
            await nothing.CompleteAsync();
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Features.Set(body);
        }
    }
}
