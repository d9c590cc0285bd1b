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
    public string? Start(LoadPlan plan)
    {
        string? obstacle = null;
        return DoByHand(() => obstacle = starter.TryStart(plan, out _, out var reason) ? null : $"{reason.Title}.") ?? obstacle;
    }

    /// <summary>Cancels a load and waits for its end.</summary>
    public Task<string?> CancelAsync(string loadId) => DoByHandAsync(() => loads.Find(loadId)?.CancelAsync() ?? Task.CompletedTask);

    /// <summary>Takes the service back to where it began.</summary>
    public Task<string?> ResetAsync() => DoByHandAsync(reset.RunAsync);

    /// <summary>Empties the inbox.</summary>
    public string? EmptyInbox() => Do(() => inbox.Clear());

    /// <summary>Begins an incident run.</summary>
    public Task<string?> StartIncidentAsync(IncidentOrder order) => TryAsync(() => incidents.StartAsync(order));

    /// <summary>Does something to the service that a run has.</summary>
    public Task<string?> ActAsync(string incidentId, RepairAction action) =>
        TryAsync(async () => await (await OpenAsync(incidentId)).ActAsync(action));

    /// <summary>Says what happened in a run.</summary>
    public Task<string?> DiagnoseAsync(string incidentId, Diagnosis diagnosis) =>
        TryAsync(async () => await (await OpenAsync(incidentId)).SubmitAsync(diagnosis));

    /// <summary>Ends a run: finished, for which there must have been an investigation, or cancelled.</summary>
    public Task<string?> CloseIncidentAsync(string incidentId, CloseReason reason) => TryAsync(async () =>
    {
        var run = await OpenAsync(incidentId);
        if (reason == CloseReason.Finished)
        {
            run.RequireInvestigation();
        }

        await incidents.CloseAsync(incidentId, reason);
    });

    private async Task<IncidentRun> OpenAsync(string incidentId) => await incidents.FindOpenAsync(incidentId)
        ?? throw new IncidentRefusedException(RefusalKind.Invalid, "Unknown incident", "There is no incident of this id.");

    private async Task<string?> TryAsync(Func<Task> change)
    {
        if (rights.Refusal is { } refusal)
        {
            return refusal;
        }

        try
        {
            await change();
        }
        catch (IncidentRefusedException e)
        {
            return $"{e.Title}. {e.Message}";
        }

        feed.Refresh();
        return null;
    }

    private string? Do(Action change)
    {
        if (rights.Refusal is { } refusal)
        {
            return refusal;
        }

        change();
        feed.Refresh();
        return null;
    }

    private string? DoByHand(Action change)
    {
        using var turn = changes.TryEnter();
        return rights.Refusal ?? (turn is null ? ManualChange.Refusal : Do(change));
    }

    private async Task<string?> DoByHandAsync(Func<Task> change)
    {
        using var turn = changes.TryEnter();
        if ((rights.Refusal ?? (turn is null ? ManualChange.Refusal : null)) is { } refusal)
        {
            return refusal;
        }

        await change();
        feed.Refresh();
        return null;
    }
}
