using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Signals;
using MockSre.Web.Signals;

namespace MockSre.Web.Tests.Signals;

public sealed class SenderLogTests : ILogger
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly SenderLog _log;

    public SenderLogTests() => _log = new SenderLog("sentry.example", _time, this);

    [Fact]
    public void Record_TroubleThatBeginsAndEnds_IsALineEach()
    {
        Arrives("error");
        Fails("error");
        Fails("error");
        _time.Advance(SenderLog.Pause);
        Fails("error");
        Arrives("error");
        Arrives("error");

        Assert.Equal(
            [
                "Warning: Sentry at sentry.example does not receive error signals: Refused, status 503",
                "Information: Sentry at sentry.example receives error signals again",
            ],
            _lines);
    }

    [Fact]
    public void Record_EachCategory_HasItsOwn()
    {
        Fails("error");
        Fails("transaction");

        Assert.Equal(2, _lines.Count);
    }

    [Fact]
    public void Record_SentryThatComesAndGoes_IsALineInAPause()
    {
        for (var i = 0; i < 60; i++)
        {
            Fails("error");
            Arrives("error");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_lines.Count, 2, 4);
        Assert.Contains("does not receive", _lines[0], StringComparison.Ordinal);
        Assert.Contains("again", _lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Record_TroubleSoonAfterItWasOver_IsALineAtOnce()
    {
        Fails("error");
        _time.Advance(SenderLog.Pause);
        Arrives("error");
        Fails("error");

        Assert.Contains("does not receive", _lines[^1], StringComparison.Ordinal);
        Assert.Equal(3, _lines.Count);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add($"{logLevel}: {formatter(state, exception)}");

    private void Fails(string category) => _log.Record(category, SignalState.Refused, "status 503");

    private void Arrives(string category) => _log.Record(category, SignalState.Sent, null);
}
