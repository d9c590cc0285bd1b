using MockSre.Domain;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Load;
using MockSre.Domain.Signals;
using MockSre.Web.Incidents;
using MockSre.Web.Load;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.WebConsole;

/// <summary>Everything that a click can change. Each says why it did nothing, or null where it did; a disabled button is no check.</summary>
internal sealed class ConsoleActions(
    ConsoleRights rights,
    FailureSwitch failures,
    ChangeGate changes,
    LoadStarter starter,
    LoadGenerator loads,
    ServiceReset reset,
    SignalInbox inbox,
    IncidentDesk incidents,
    ConsoleFeed feed)
{
    /// <summary>Sets the failure mode.</summary>
    public string? SetMode(FailureMode mode) => DoByHand(() => failures.Set(mode, ChangeSource.Console));

    /// <summary>Starts a load.</summary>
    public string? Start(LoadPlan plan) => DoByHand(() => starter.Start(plan));

    /// <summary>Cancels a load and waits for its end.</summary>
    public Task<string?> CancelAsync(string loadId) => DoByHandAsync(() => loads.Find(loadId)?.CancelAsync() ?? Task.CompletedTask);

    /// <summary>Takes the service back to where it began.</summary>
    public Task<string?> ResetAsync() => DoByHandAsync(reset.RunAsync);

    /// <summary>Empties the inbox.</summary>
    public string? EmptyInbox() => Do(() => inbox.Clear());

    /// <summary>Begins an incident run.</summary>
    public Task<string?> StartIncidentAsync(IncidentOrder order) => DoAsync(() => incidents.StartAsync(order));

    /// <summary>Does something to the service that a run has.</summary>
    public Task<string?> ActAsync(string incidentId, RepairAction action) =>
        DoAsync(async () => await (await OpenAsync(incidentId)).ActAsync(action));

    /// <summary>Says what happened in a run.</summary>
    public Task<string?> DiagnoseAsync(string incidentId, Diagnosis diagnosis) =>
        DoAsync(async () => await (await OpenAsync(incidentId)).SubmitAsync(diagnosis));

    /// <summary>Ends a run: finished, for which there must have been an investigation, or cancelled.</summary>
    public Task<string?> CloseIncidentAsync(string incidentId, CloseReason reason) => DoAsync(async () =>
    {
        var run = await OpenAsync(incidentId);
        if (reason == CloseReason.Finished)
        {
            run.RequireInvestigation();
        }

        await incidents.CloseAsync(incidentId, reason);
    });

    private async Task<IncidentRun> OpenAsync(string incidentId) => await incidents.FindOpenAsync(incidentId)
        ?? throw new RefusedException(RefusalKind.NotFound, "Unknown incident", "There is no incident of this id.");

    private string? DoByHand(Action change) => Do(() =>
    {
        using var turn = ManualChange.Begin(changes);
        change();
    });

    private Task<string?> DoByHandAsync(Func<Task> change) => DoAsync(async () =>
    {
        using var turn = ManualChange.Begin(changes);
        await change();
    });

    private string? Do(Action change)
    {
        if (rights.Refusal is { } forbidden)
        {
            return forbidden;
        }

        try
        {
            change();
        }
        catch (RefusedException e)
        {
            return e.Refusal.ToString();
        }

        feed.Refresh();
        return null;
    }

    private async Task<string?> DoAsync(Func<Task> change)
    {
        if (rights.Refusal is { } forbidden)
        {
            return forbidden;
        }

        try
        {
            await change();
        }
        catch (RefusedException e)
        {
            return e.Refusal.ToString();
        }

        feed.Refresh();
        return null;
    }
}
