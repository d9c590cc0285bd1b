using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace MockSre.Web.Tests.Browser;

/// <summary>Records problems that no page may cause: errors, policy violations, failed requests, requests to other hosts.</summary>
internal sealed class PageWatch
{
    private const string Violation = "broken policy: ";

    private readonly ConcurrentQueue<string> _problems = new();
    private readonly Uri _home;

    private PageWatch(Uri home) => _home = home;

    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Fails if a problem was recorded.</summary>
    public void AssertQuiet() => Assert.True(_problems.IsEmpty, string.Join('\n', _problems));

    /// <summary>The number of requests. A test checks it, so that a watch that records nothing cannot pass.</summary>
    public int Requests { get; private set; }

    public static async Task<PageWatch> StartAsync(IBrowserContext context, Uri home)
    {
        var watch = new PageWatch(home);
        context.Request += (_, request) => watch.Look(request);
        context.RequestFailed += (_, request) => watch.LookAtFailure(request);
        context.Response += (_, response) => watch.Look(response);
        context.Console += (_, message) => watch.Look(message);
        context.WebError += (_, error) => watch._problems.Enqueue($"unhandled: {error.Error}");
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', "
            + $"event => console.error('{Violation}' + event.violatedDirective + ' ' + event.blockedURI));");
        return watch;
    }

    private void Look(IRequest request)
    {
        Requests++;
        var address = new Uri(request.Url);
        if (address.Scheme is not ("data" or "blob") && address.Authority != _home.Authority)
        {
            _problems.Enqueue($"request to another host: {request.Url}");
        }
    }

    private void Look(IResponse response)
    {
        if (response.Status >= 400)
        {
            _problems.Enqueue($"{response.Status} for {response.Url}");
        }
    }

    // The browser aborts a request if the user leaves the page, or if the response becomes a download. Neither is a problem.
    private void LookAtFailure(IRequest request)
    {
        if (request.Failure != "net::ERR_ABORTED")
        {
            _problems.Enqueue($"failed: {request.Url}, {request.Failure}");
        }
    }

    private void Look(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning")
        {
            _problems.Enqueue($"{message.Type} in the browser's console: {message.Text}");
        }
    }
}
