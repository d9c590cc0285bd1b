namespace MockSre.Web.Incidents;

internal sealed class ServiceReset(FailureSwitch failures, LoadGenerator loads, LiveMetrics metrics, SignalInbox inbox)
{
    /// <summary>
    /// Stops every load, sets mode <c>none</c>, and empties cache, figures and inbox. Requests that began before add nothing to them.
    /// </summary>
    public async Task<DeploymentChange> RunAsync()
    {
        await loads.StopAsync();
        var change = failures.Set(Modes.None, ChangeSource.Reset);
        metrics.Reset();
        inbox.Clear(change.Deployment);
        return change;
    }
}
