using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.Profiles;

namespace MockSre.Web.Tests.Profiles;

public sealed class FailureLogTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<FailureLog> _logger = new();
    private readonly FailureLog _log;
    private PoolTimeoutException _timeout = null!;

    public FailureLogTests() => _log = new FailureLog(_time, _logger);

    public async Task InitializeAsync()
    {
        using var pool = new ConnectionPool(1, TimeSpan.Zero, () => new FakeConnection(), TimeProvider.System);
        using var lease = await pool.AcquireAsync("first", default);
        _timeout = await Assert.ThrowsAsync<PoolTimeoutException>(() => pool.AcquireAsync("second", default).AsTask());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Ended_FiftyRequestsOfWhichMostFail_AreALineAtOnceASummaryAndALineAtTheEnd()
    {
        for (var i = 0; i < 9; i++)
        {
            Answer(200);
        }

        for (var i = 0; i < 41; i++)
        {
            Answer(500, 2900, _timeout);
        }

        Assert.Equal([$"Warning: Requests begin to fail: {_timeout.Details}"], _logger.Lines);

        for (var i = 0; i < 9; i++)
        {
            Answer(200);
        }

        _time.Advance(FailureLog.Window);
        Answer(200);
        _time.Advance(FailureLog.Window);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(3, _logger.Lines.Count);
        Assert.Matches(@"^Warning: Last 10 s: 41 of 50 requests failed \(PoolTimeoutException 41\), p95 2,9\d\d ms$", _logger.Lines[1]);
        Assert.Equal("Information: No request failed in the last 10 s (1 answered)", _logger.Lines[2]);
    }

    [Fact]
    public void Ended_AnHourOfFailures_IsALineInTenSeconds()
    {
        for (var second = 0; second < 3600; second++)
        {
            for (var i = 0; i < 5; i++)
            {
                Answer(500, 1000, _timeout);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1 + 360, _logger.Lines.Count);
        Assert.All(_logger.Lines.Skip(1), line => Assert.Contains("50 of 50 requests failed", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Ended_NothingFails_SaysNothing()
    {
        for (var second = 0; second < 100; second++)
        {
            Answer(200);
            Answer(404);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void Ended_UnexpectedExceptions_HaveTheirStackOnceAKindAndWindow()
    {
        foreach (var _ in Enumerable.Range(0, 2))
        {
            for (var i = 0; i < 10; i++)
            {
                Answer(500, 1, new IOException("disk"));
                Answer(500, 1, new InvalidDataException("shape"));
                Answer(500, 1, _timeout);
            }

            _time.Advance(FailureLog.Window);
        }

        Assert.Equal(
            [
                "Warning: Requests begin to fail: IOException",
                "Error: A profile could not be read with its stack: IOException",
                "Error: A profile could not be read with its stack: InvalidDataException",
                "Warning: Last 10 s: 30 of 30 requests failed (IOException 10, InvalidDataException 10, PoolTimeoutException 10), p95 1 ms",
                "Error: A profile could not be read with its stack: IOException",
                "Error: A profile could not be read with its stack: InvalidDataException",
                "Warning: Last 10 s: 30 of 30 requests failed (IOException 10, InvalidDataException 10, PoolTimeoutException 10), p95 1 ms",
            ],
            _logger.Lines);
    }

    [Fact]
    public void Ended_MoreKindsThanItNames_SumsUpTheRest()
    {
        Exception[] kinds =
        [
            new IOException(), new InvalidDataException(), new NotSupportedException(), new ArgumentException(), new FormatException(),
            new OverflowException(), new TimeoutException(),
        ];
        foreach (var kind in kinds)
        {
            Answer(500, 1, kind);
        }

        _time.Advance(FailureLog.Window);

        Assert.Equal(1 + FailureTally.MaxKinds + 1, _logger.Lines.Count);
        Assert.Contains("7 of 7 requests failed", _logger.Lines[^1], StringComparison.Ordinal);
        Assert.Contains(", other 2)", _logger.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Ended_AClientThatLeft_IsNotCounted()
    {
        Answer(500, 1, _timeout);
        Answer(RequestSample.ClientClosedRequest);
        _time.Advance(FailureLog.Window);

        Assert.Contains("1 of 1 requests failed", _logger.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_WhileRequestsFail_EndsTheSummaries()
    {
        Answer(500, 1, _timeout);
        _log.Dispose();
        Answer(500, 1, _timeout);
        _time.Advance(FailureLog.Window);

        Assert.Single(_logger.Lines);
    }

    private void Answer(int status, double ms = 5, Exception? failure = null) =>
        _log.Ended(new RequestSample(status, TimeSpan.FromMilliseconds(ms), null, 0), failure);
}
