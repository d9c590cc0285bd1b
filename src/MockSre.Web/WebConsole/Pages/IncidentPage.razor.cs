using Microsoft.AspNetCore.Components;
using MockSre.Domain.Incidents;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Controls;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Incidents;
using MudBlazor;

namespace MockSre.Web.WebConsole.Pages;

/// <summary>One incident run: live while it is open, and with its answer once it is closed.</summary>
public sealed partial class IncidentPage
{
    private static readonly DialogOptions WithEscape = new() { CloseOnEscapeKey = true };

    private Investigation? _investigation;
    private bool _isRead;
    private bool _presenter;
    private DiagnosisDraft _draft = new();
    private IReadOnlyList<(string Sha, string Subject)> _commits = [];
    private (string? Id, bool IsOpen, int Milestones) _read;

    [Parameter, EditorRequired] public string Id { get; set; } = "";

    [CascadingParameter] private ConsoleSnapshot Snapshot { get; set; } = null!;
    [Inject] private Investigations Investigations { get; set; } = null!;
    [Inject] private ConsoleActions Actions { get; set; } = null!;
    [Inject] private ConsoleRights Rights { get; set; } = null!;
    [Inject] private ISnackbar Snackbar { get; set; } = null!;
    [Inject] private IDialogService Dialogs { get; set; } = null!;

    // Null once the run is closed.
    private OpenIncident? Incident => Snapshot.Incident is { } open && open.Id == Id ? open : null;

    private bool IsPlayedElsewhere => _investigation is { IsPlayedElsewhere: true };

    // A diagnosis can be written from the alert on, and submitted once the investigation has begun.
    private bool Locked => Rights.Refusal is not null || Incident?.Alert is null;

    private bool ActLocked => Locked || TooEarly is not null;

    // The investigator learns no more than from the API: neither the reason for waiting nor its end.
    private string? TooEarly => Incident switch
    {
        null or { MayInvestigate: true } => null,
        { Alert: null } => "Actions begin after the alert.",
        { Incident: var incident } when Presents =>
            $"Actions begin with the investigation, at about {Figures.Time(incident.At(incident.Plan.InvestigationBeginsS))} UTC.",
        _ => "Actions begin shortly.",
    };

    // The answer is shown once the run is closed.
    private bool ShowsAnswer => Incident is null && Rights.MaySeeRuns && !IsPlayedElsewhere;

    private bool Presents => _presenter && Rights.MaySeeRuns;

    protected override async Task OnParametersSetAsync()
    {
        // Called with each snapshot. The stored run is read when it starts, at each milestone, and when it ends.
        // Snapshots do not include runs of another service, so those are read each time.
        var now = (Id, Incident is not null, Incident?.Milestones ?? 0);
        if (_read == now && !IsPlayedElsewhere)
        {
            return;
        }

        if (_read.Id != Id)
        {
            (_draft, _presenter, _investigation, _isRead) = (new DiagnosisDraft(), false, null, false);
        }

        _read = now;
        var investigation = await Investigations.FindAsync(Id);
        if (_read != now)
        {
            // A newer read has begun meanwhile.
            return;
        }

        (_investigation, _isRead) = (investigation, true);
        _commits = [.. investigation?.Evidence.Commits().Select(commit => (commit.Sha, commit.Message.Split('\n')[0])) ?? []];
    }

    private IReadOnlyList<IncidentStep> Steps(IncidentRecord incident) =>
        Presents || ShowsAnswer
            ? IncidentStep.ForPresenter(incident.States)
            : IncidentStep.ForInvestigator(incident.StartedAt, incident.Alert, incident.Actions, incident.Closed);

    private void Cite(string id) => _draft = _draft.Cite(id);

    private async Task ActAsync(RepairAction action) =>
        Snackbar.AddRefusal(await Actions.ActAsync(Id, new ActionSubmission(action.Kind, action.Target, action.Value)));

    private async Task SubmitAsync()
    {
        var refusal = await Actions.DiagnoseAsync(Id, _draft.ToSubmission(_investigation!.Incident.StartedAt));
        Snackbar.AddRefusal(refusal);
        if (refusal is null)
        {
            Snackbar.Add("Diagnosis accepted.", Severity.Success);
        }
    }

    private async Task FinishAsync()
    {
        const string Consequence = "The last diagnosis is scored, and nothing can be changed afterwards. "
            + "If the service has not recovered, a correct proposed fix earns half.";
        if (await SureAsync("Close the incident?", Consequence, "Close and score"))
        {
            Snackbar.AddRefusal(await Actions.CloseIncidentAsync(Id));
        }
    }

    private async Task CancelAsync()
    {
        const string Consequence = "The run ends as abandoned, and the service returns to its state before the run.";
        if (await SureAsync("Cancel the run?", Consequence, "Cancel the run"))
        {
            Snackbar.AddRefusal(await Actions.CancelIncidentAsync(Id));
        }
    }

    // MudBlazor focuses the "yes" button, so that one changes nothing. Escape is neither yes nor no.
    private async Task<bool> SureAsync(string question, string consequence, string sure) =>
        await Dialogs.ShowMessageBoxAsync(question, consequence, yesText: "Keep it open", noText: sure, options: WithEscape) == false;
}
