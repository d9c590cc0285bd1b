namespace MockSre.Domain.Tests.Times;

/// <summary>Moves the time zone of this process to eight hours east of UTC. Only for tests that run alone.</summary>
internal sealed class OtherTimeZone : IDisposable
{
    public const string Alone = "Alone in another time zone";

    private const string Variable = "TZ";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public OtherTimeZone() => Set("Asia/Shanghai");

    public void Dispose() => Set(_before);

    private static void Set(string? zone)
    {
        Environment.SetEnvironmentVariable(Variable, zone);
        TimeZoneInfo.ClearCachedData();
    }
}

[CollectionDefinition(OtherTimeZone.Alone, DisableParallelization = true)]
public sealed class OneTimeZoneAtATime;
