namespace MockSre.Web.Load;

/// <summary>Starts loads on this host.</summary>
internal sealed class LoadStarter(LoadGenerator loads, OwnProfileClient client)
{
    /// <exception cref="RefusedException">The service has no address to call, or a load of this kind is running.</exception>
    public LoadRun Start(LoadPlan plan)
    {
        RefusedException.ThrowIf(
            client.Address is null, RefusalKind.NotNow, "No address to call",
            "The service listens on no address that plain HTTP over TCP can reach.");
        return loads.TryStart(plan, out var run)
            ? run
            : throw new RefusedException(
                RefusalKind.NotNow, "A load of this kind is running",
                $"Wait for {run.Id}, or cancel it with DELETE /admin/load/{run.Id}.");
    }
}
