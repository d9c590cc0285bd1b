using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Incidents;

namespace MockSre.Web.Tests.Incidents;

public sealed class IncidentLogTests : ILogger
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(LogLevel Level, string Line, Exception? Exception)> _lines = [];
    private readonly IncidentLog _log;

    public IncidentLogTests() => _log = new IncidentLog(_time, this);

    [Fact]
    public void NotKept_TenMinutesLong_IsALineAMinuteAndOneAtTheEnd()
    {
        for (var second = 0; second < 600; second++)
        {
            _log.NotKept(new IOException("disk I/O error\n"), waiting: second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _log.Kept(3, 4);
        _log.Kept(0, 0);

        Assert.Equal(11, _lines.Count);
        Assert.All(_lines, line => Assert.Null(line.Exception));
        Assert.All(_lines, line => Assert.DoesNotContain('\n', line.Line));
        Assert.Contains("; 0 events", _lines[0].Line, StringComparison.Ordinal);
        Assert.Contains("; 60 events", _lines[1].Line, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Information, _lines[^1].Level);
        Assert.Contains("3 log lines and 4 signals", _lines[^1].Line, StringComparison.Ordinal);
    }

    [Fact]
    public void NotKept_ComesAndGoesEachSecond_IsTwoLinesAMinute()
    {
        for (var second = 0; second < 120; second++)
        {
            _log.NotKept(new IOException("disk I/O error"), waiting: 1);
            _log.Kept(0, 0);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, _lines.Count);
    }

    [Fact]
    public void NotKept_ForNoReasonOfADatabase_HasItsStack()
    {
        _log.NotKept(new InvalidOperationException("a mistake"), waiting: 1);

        Assert.IsType<InvalidOperationException>(Assert.Single(_lines).Exception);
    }

    [Fact]
    public void Kept_WithoutTrouble_IsNoLine()
    {
        _log.Kept(0, 0);
        _log.NoneLeftOpen();

        Assert.Empty(_lines);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add((logLevel, formatter(state, exception), exception));
}
