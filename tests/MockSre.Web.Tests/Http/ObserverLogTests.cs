using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Http;

namespace MockSre.Web.Tests.Http;

public sealed class ObserverLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<ObserverLog> _logger = new();
    private readonly ObserverLog _log;

    public ObserverLogTests() => _log = new ObserverLog(_time, _logger);

    [Fact]
    public void Failed_TheSameKindAgainAndAgain_IsALineAtOnceAndOneAMinute()
    {
        for (var second = 0; second < 120; second++)
        {
            _log.Failed(new IOException("disk"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _log.Failed(new FormatException());

        Assert.Equal(
            [
                "Error: A subscriber failed (0 more failures since the last such line) with its stack: IOException",
                "Error: A subscriber failed (59 more failures since the last such line) with its stack: IOException",
                "Error: A subscriber failed (0 more failures since the last such line) with its stack: FormatException",
            ],
            _logger.Lines);
    }

    [Fact]
    public void Failed_MoreKindsThanItTellsApart_ShareALine()
    {
        Type[] kinds =
        [
            .. typeof(Exception).Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(Exception)) && !type.IsAbstract && !type.ContainsGenericParameters)
                .Where(type => type.GetConstructor([]) is not null)
                .Take(ObserverLog.MaxKinds + 10),
        ];
        Assert.Equal(ObserverLog.MaxKinds + 10, kinds.Length);

        Assert.All(kinds, kind => _log.Failed((Exception)Activator.CreateInstance(kind)!));

        Assert.Equal(ObserverLog.MaxKinds + 1, _logger.Lines.Count);
    }
}
