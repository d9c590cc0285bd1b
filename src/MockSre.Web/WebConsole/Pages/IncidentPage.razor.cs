using Microsoft.AspNetCore.Components;
using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Controls;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Incidents;
using MudBlazor;

namespace MockSre.Web.WebConsole.Pages;

/// <summary>One run: watched, investigated, and once it is closed told in full.</summary>
public sealed partial class IncidentPage
{
    private static readonly DialogOptions WithEscape = new() { CloseOnEscapeKey = true };

    private Investigation? _investigation;
    private bool _isRead;
    private bool _presenter;
    private DiagnosisDraft _draft = new();
    private IReadOnlyList<(string Sha, string Subject)> _commits = [];
    private (string? Id, bool IsOpen, int Milestones) _read;

    /// <summary>The run's id.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [CascadingParameter]
    private ConsoleSnapshot Snapshot { get; set; } = null!;

    [Inject]
    private Investigations Investigations { get; set; } = null!;

    [Inject]
    private ConsoleActions Actions { get; set; } = null!;

    [Inject]
    private ConsoleRights Rights { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    // Null once it is closed, and scored.
    private OpenIncident? Incident => Snapshot.Incident is { } open && open.Id == Id ? open : null;

    private bool IsPlayedElsewhere => _investigation is { IsPlayedElsewhere: true };

    // Before the alert there is nothing to diagnose; from it on a diagnosis can be written, and once the run can be investigated, given.
    private bool Locked => Rights.Refusal is not null || Incident?.Alert is null;

    private bool ActLocked => Locked || TooEarly is not null;

    // Who investigates is told no more than the API tells: not what is waited for, nor until when.
    private string? TooEarly => Incident switch
    {
        null or { MayInvestigate: true } => null,
        { Alert: null } => "Actions begin after the page.",
        { Incident: var incident } when Presents =>
            $"Actions begin with the investigation, at {Figures.Time(incident.At(incident.Plan.InvestigationBeginsS))} UTC or a little later.",
        _ => "Actions begin shortly.",
    };

    private bool Presents => _presenter && Rights.MaySeeRuns;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // The page comes here with each snapshot; what is kept of the run is read when it begins, when something happens, and when it ends.
        // No snapshot says what happens in a run that another service plays.
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
            // Something newer is read meanwhile.
            return;
        }

        (_investigation, _isRead) = (investigation, true);
        _commits = [.. investigation?.Evidence.Commits().Select(commit => (commit.Sha, commit.Message.Split('\n')[0])) ?? []];
    }

    private IReadOnlyList<IncidentStep> Steps(IncidentRecord incident) => Presents || (Incident is null && Rights.MaySeeRuns && !IsPlayedElsewhere)
        ? IncidentStep.ForPresenter(incident.States)
        : IncidentStep.ForInvestigator(incident.StartedAt, incident.Alert, incident.Actions, incident.Closed);

    private void Redraft(DiagnosisDraft draft) => _draft = draft;

    private void Cite(string id) => _draft = _draft.Cite(id);

    private async Task ActAsync(RepairAction action) => Snackbar.AddRefusal(await Actions.ActAsync(Id, new ActionSubmission(action.Kind, action.Target, action.Value)));

    private async Task SubmitAsync()
    {
        var refusal = await Actions.DiagnoseAsync(Id, _draft.ToSubmission(_investigation!.Incident.StartedAt));
        Snackbar.AddRefusal(refusal);
        if (refusal is null)
        {
            Snackbar.Add("The diagnosis was taken.", Severity.Success);
        }
    }

    private async Task FinishAsync()
    {
        if (await SureAsync("Close the incident?", "The last diagnosis counts, and nothing can be changed any more. Where the service had to recover and has not, a repair that the diagnosis proposes and that would cure it counts half, and no other counts.", "Close and score"))
        {
            Snackbar.AddRefusal(await Actions.CloseIncidentAsync(Id));
        }
    }

    private async Task CancelAsync()
    {
        if (await SureAsync("Cancel the run?", "It ends as abandoned, and the service is as it was before.", "Cancel the run"))
        {
            Snackbar.AddRefusal(await Actions.CancelIncidentAsync(Id));
        }
    }

    // MudBlazor gives the focus to the yes: that is the button which changes nothing. Escape is neither.
    private async Task<bool> SureAsync(string question, string consequence, string sure) =>
        await Dialogs.ShowMessageBoxAsync(question, consequence, yesText: "Keep it open", noText: sure, options: WithEscape) == false;
}
