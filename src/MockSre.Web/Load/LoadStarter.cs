using System.Diagnostics.CodeAnalysis;
using MockSre.Domain.Load;

namespace MockSre.Web.Load;

/// <summary>Starts loads on this host, for the API and the console alike.</summary>
internal sealed class LoadStarter(LoadGenerator loads, OwnProfileClient client)
{
    /// <summary>Starts a load, or says why not.</summary>
    /// <param name="plan">What it sends.</param>
    /// <param name="run">The load started.</param>
    /// <param name="obstacle">What stands in its way.</param>
    public bool TryStart(LoadPlan plan, [NotNullWhen(true)] out LoadRun? run, [NotNullWhen(false)] out LoadObstacle? obstacle)
    {
        if (client.Address is null)
        {
            run = null;
            obstacle = new LoadObstacle("No address to call", "The service listens nowhere that plain HTTP over TCP could reach.");
            return false;
        }

        var started = loads.TryStart(plan, out var startedOrBusy);
        run = started ? startedOrBusy : null;
        obstacle = started
            ? null
            : new LoadObstacle("A load of this kind is running", $"Wait for {startedOrBusy.Id}, or cancel it with DELETE /admin/load/{startedOrBusy.Id}.");
        return started;
    }
}

/// <summary>Why a load does not start.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Detail">In a sentence.</param>
internal sealed record LoadObstacle(string Title, string Detail);
