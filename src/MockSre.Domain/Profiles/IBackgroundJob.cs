namespace MockSre.Domain.Profiles;

/// <summary>A job that runs beside requests and shares their connection pool. It runs until it is disposed.</summary>
public interface IBackgroundJob : IDisposable
{
    /// <summary>Called once, before the first request, while the pool is unused.</summary>
    void Prepare() { }

    /// <summary>Called once, at the first request.</summary>
    /// <param name="since">The timestamp at which the job's clock starts.</param>
    void Begin(long since);

    /// <summary>Called once, when another deployment takes over. Requests of this one may still be under way.</summary>
    void Retire() { }
}
