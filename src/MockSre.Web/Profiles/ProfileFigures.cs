namespace MockSre.Web.Profiles;

/// <summary>Records one profile request in the live metrics and the failure log.</summary>
internal sealed class ProfileFigures(LiveMetrics metrics, FailureLog log) : IProfileTelemetry
{
    private readonly int _begun = metrics.Begin();

    public void Answered(in RequestSample sample, Exception? failure)
    {
        metrics.End(_begun, sample);
        log.Ended(sample, failure);
    }
}
