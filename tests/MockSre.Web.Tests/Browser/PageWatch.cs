using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace MockSre.Web.Tests.Browser;

/// <summary>Records what no page of the console should cause: errors, policy violations, failed requests, foreign requests.</summary>
internal sealed class PageWatch
{
    private const string Violation = "broken policy: ";

    private readonly ConcurrentQueue<string> _problems = new();
    private readonly Uri _home;

    private PageWatch(Uri home) => _home = home;

    /// <summary>What was seen so far.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Checks that nothing was seen.</summary>
    public void AssertQuiet() => Assert.True(_problems.IsEmpty, string.Join('\n', _problems));

    /// <summary>How many requests there were, so that a watch that sees nothing at all is noticed.</summary>
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

    // What a page that goes away no longer wants is no failure; nor is what becomes a download.
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
