using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using MockSre.Checks;
using MockSre.Domain.Signals;
using MockSre.Web.Signals;

namespace MockSre.Web.Tests.Signals;

/// <summary>Every kind of answer from Sentry, and every form of a DSN, over real HTTP.</summary>
public sealed class EnvelopeSenderTests : IAsyncLifetime
{
    private readonly SignalInbox _inbox = new(TimeProvider.System);
    private SentryReceiver _sentry = null!;

    public async Task InitializeAsync() => _sentry = await SentryReceiver.StartAsync();

    public async Task DisposeAsync() => await _sentry.DisposeAsync();

    [Theory]
    [InlineData(200, SignalState.Sent, null)]
    [InlineData(202, SignalState.Refused, "status 202")]
    [InlineData(400, SignalState.Refused, "status 400")]
    [InlineData(413, SignalState.Refused, "status 413")]
    [InlineData(503, SignalState.Refused, "status 503")]
    public async Task Send_AnyAnswer_SaysWhatBecameOfIt(int status, SignalState state, string? reason)
    {
        Answer(context => context.Response.StatusCode = status);

        Assert.Equal((state, reason), await SendAsync(_sentry.Dsn));
    }

    [Fact]
    public async Task Send_Redirected_GoesNowhereElse()
    {
        await using var elsewhere = await SentryReceiver.StartAsync();
        Answer(context => context.Response.Redirect($"http://{new Uri(elsewhere.Dsn).Authority}/", permanent: true, preserveMethod: true));

        Assert.Equal((SignalState.Refused, "status 308"), await SendAsync(_sentry.Dsn));

        Assert.Empty(elsewhere.All);
    }

    [Fact]
    public async Task Send_AfterACookie_BringsNoneBack()
    {
        Answer(context => context.Response.Cookies.Append("who", "you"));

        await SendAsync(_sentry.Dsn, new SentError(), new SentError());

        Assert.Equal(2, _sentry.All.Count);
        Assert.All(_sentry.All, received => Assert.DoesNotContain("Cookie", received.Headers.Keys));
    }

    [Theory]
    [InlineData("http://key@{0}/42", "/api/42/envelope/", "sentry_key=key")]
    [InlineData("http://key@{0}/sentry/behind/42", "/sentry/behind/api/42/envelope/", "sentry_key=key")]
    [InlineData("http://key:secret@{0}/42", "/api/42/envelope/", "sentry_key=key,sentry_secret=secret")]
    public async Task Send_FormsOfADsn_ArriveWhereTheyPoint(string dsn, string path, string authentication)
    {
        await SendAsync(string.Format(null, dsn, new Uri(_sentry.Dsn).Authority));

        var received = Assert.Single(_sentry.All);
        Assert.Equal(path, received.Path);
        Assert.EndsWith("," + authentication, received.Headers["X-Sentry-Auth"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_LimitsOnAnAnswerThatTookIt_HoldForThatKindAlone()
    {
        Answer(context => context.Response.Headers["X-Sentry-Rate-Limits"] = "60:transaction:organization");

        await SendAsync(_sentry.Dsn, new SentTransaction(), new SentTransaction(), new SentError());

        Assert.Equal((1, 1), (_sentry.Transactions.Count, _sentry.Events.Count));
        Assert.Equal(
            [(SignalState.Sent, null), (SignalState.Dropped, "rate limited"), (SignalState.Sent, (string?)null)],
            _inbox.Entries.Reverse().Select(entry => (entry.State, entry.Reason)));
    }

    [Fact]
    public async Task Send_NoAnswerInTime_IsDropped()
    {
        await using var hole = SentryStub.Silent();
        await using var sender = new EnvelopeSender(
            new Uri(hole.Dsn),
            _inbox,
            TimeProvider.System,
            NullLogger<EnvelopeSender>.Instance,
            answerLimit: TimeSpan.FromMilliseconds(200));
        var entry = _inbox.Add(new SentError().Envelope(), SignalState.Queued);

        sender.Send(entry);

        await Eventually.TrueAsync(() => entry.State != SignalState.Queued);
        Assert.Equal((SignalState.Dropped, "no answer within 0.2 s"), (entry.State, entry.Reason));
    }

    [Fact]
    public async Task Dispose_Twice_EndsOnce()
    {
        var sender = Sender(_sentry.Dsn);

        await sender.DisposeAsync();
        await sender.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_WhileSentryIsSilent_DropsWhatWaits()
    {
        await using var hole = SentryStub.Silent();
        var sender = Sender(hole.Dsn);
        var entries = Enumerable.Range(0, 20).Select(_ => _inbox.Add(new SentError().Envelope(), SignalState.Queued)).ToList();
        entries.ForEach(sender.Send);

        await sender.DisposeAsync();
        sender.Send(_inbox.Add(new SentError().Envelope(), SignalState.Queued));

        Assert.All(_inbox.Entries, entry => Assert.Equal((SignalState.Dropped, "service stopped"), (entry.State, entry.Reason)));
    }

    private EnvelopeSender Sender(string dsn) => new(new Uri(dsn), _inbox, TimeProvider.System, NullLogger<EnvelopeSender>.Instance);

    private void Answer(Action<HttpContext> answer) => _sentry.Answer = (_, context) =>
    {
        answer(context);
        return Task.CompletedTask;
    };

    // Sends the signals one at a time and waits for each result.
    private async Task<(SignalState State, string? Reason)> SendAsync(string dsn, params SentSignal[] signals)
    {
        await using var sender = Sender(dsn);
        foreach (var signal in signals is [] ? [new SentError()] : signals)
        {
            var entry = _inbox.Add(signal.Envelope(), SignalState.Queued);
            sender.Send(entry);
            await Eventually.TrueAsync(() => entry.State != SignalState.Queued);
        }

        return (_inbox.Entries[0].State, _inbox.Entries[0].Reason);
    }
}
