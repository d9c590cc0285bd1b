namespace MockSre.Domain.Faults;

/// <summary>What another job of the service takes from the same connection pool.</summary>
/// <param name="Leases">Connections it needs at once; 0 for no such job.</param>
/// <param name="Free">How long it leaves them alone before each burst; zero when it holds them all the time.</param>
/// <param name="Held">How long each burst lasts; zero when there are no bursts.</param>
public sealed record Contention(int Leases, TimeSpan Free, TimeSpan Held)
{
    /// <summary>No other job.</summary>
    public static Contention None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>A job that takes its connections at once and never gives them back.</summary>
    public static Contention Continuous(int leases) => new(leases, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Whether the job comes and goes.</summary>
    public bool InBursts => Leases > 0 && Free > TimeSpan.Zero;
}
