using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;

namespace MockSre.Web.Profiles;

/// <summary>Counts one profile request in the live figures, and in the log of failures.</summary>
internal sealed class ProfileFigures(LiveMetrics metrics, FailureLog log) : IProfileTelemetry
{
    private readonly int _begun = metrics.Begin();

    public void Answered(in RequestSample sample, Exception? failure)
    {
        metrics.End(_begun, sample);
        log.Ended(sample, failure);
    }
}
