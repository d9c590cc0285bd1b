using MockSre.Domain.Incidents;
using MockSre.Web.Incidents;
using MockSre.Web.Load;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.WebConsole;

/// <summary>The changes that a click can make. Each returns a message if it is refused, or null. A disabled button is no check.</summary>
internal sealed class ConsoleActions(
    ConsoleRights rights, FailureSwitch failures, ChangeGate changes, LoadStarter starter, LoadGenerator loads,
    ServiceReset reset, SignalInbox inbox, IncidentRuns runs, Investigations investigations, ConsoleFeed feed)
{
    public Task<string?> SetModeAsync(FailureMode mode) =>
        DoByHandAsync(() => Task.FromResult(failures.Set(mode, ChangeSource.Console)));

    public Task<string?> StartAsync(LoadPlan plan) => DoByHandAsync(() => Task.FromResult(starter.Start(plan)));

    /// <summary>Cancels a load and waits until it has ended.</summary>
    public Task<string?> CancelAsync(string loadId) => DoByHandAsync(() => loads.Find(loadId)?.CancelAsync() ?? Task.CompletedTask);

    public Task<string?> ResetAsync() => DoByHandAsync(reset.RunAsync);

    public Task<string?> EmptyInboxAsync() => DoAsync(() =>
    {
        inbox.Clear();
        return Task.CompletedTask;
    });

    public Task<string?> StartIncidentAsync(IncidentOrder order) => DoAsync(() => runs.StartAsync(order));

    /// <summary>Takes an action of the investigator.</summary>
    public Task<string?> ActAsync(string incidentId, ActionSubmission action) =>
        DoAsync(async () => await (await investigations.GetAsync(incidentId)).ActAsync(action));

    public Task<string?> DiagnoseAsync(string incidentId, DiagnosisSubmission diagnosis) =>
        DoAsync(async () => await (await investigations.GetAsync(incidentId)).DiagnoseAsync(diagnosis));

    /// <summary>Ends the investigation of a run. It gets a score.</summary>
    public Task<string?> CloseIncidentAsync(string incidentId) =>
        DoAsync(async () => await (await investigations.GetAsync(incidentId)).CloseAsync());

    /// <summary>Closes a run without a score.</summary>
    public Task<string?> CancelIncidentAsync(string incidentId) => DoAsync(() => runs.CancelAsync(incidentId));

    private Task<string?> DoByHandAsync(Func<Task> change) => DoAsync(async () =>
    {
        using var turn = ManualChange.Begin(changes);
        await change();
    });

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
