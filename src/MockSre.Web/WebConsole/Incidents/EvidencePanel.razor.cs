using Microsoft.AspNetCore.Components;
using MockSre.Domain.Incidents;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>
/// The evidence of a run, one kind at a time. It is read when a kind is chosen, when the run changes it, and on Refresh; not each second.
/// </summary>
public sealed partial class EvidencePanel
{
    private RenderFragment? _content;
    private Workbench _bench = null!;
    private Tab _tab = Tabs[0];
    private IncidentEvidence _evidence = null!;
    private (string Id, int Milestones) _read;
    private (RenderFragment? Content, object Cited, bool Locked, bool ActLocked, bool IsOpen) _shown;

    [Parameter, EditorRequired] public Investigation Investigation { get; set; } = null!;

    /// <summary>Increases with each event that changes evidence.</summary>
    [Parameter, EditorRequired] public int Milestones { get; set; }

    [Parameter, EditorRequired] public DiagnosisDraft Draft { get; set; } = null!;

    [Parameter, EditorRequired] public bool Locked { get; set; }

    [Parameter, EditorRequired] public bool ActLocked { get; set; }

    [Parameter, EditorRequired] public EventCallback<string> Cite { get; set; }

    [Parameter, EditorRequired] public EventCallback<RepairAction> Act { get; set; }

    private static IReadOnlyList<Tab> Tabs { get; } =
    [
        new("Commits", evidence => Show<CommitList>((nameof(CommitList.Commits), evidence.Commits()))),
        new("Deploys", evidence => Show<DeployTable>((nameof(DeployTable.Deploys), evidence.Deploys()))),
        new("Config", evidence => Show<SettingTable>((nameof(SettingTable.Settings), evidence.Config()))),
        new("Metrics", evidence => Show<MetricsTables>(
            (nameof(MetricsTables.ByRelease), evidence.MetricsByRelease()), (nameof(MetricsTables.ByTime), evidence.MetricsByTime()))),
        new("Signals", evidence => Show<SignalList>(
            (nameof(SignalList.Issues), evidence.Issues()),
            (nameof(SignalList.Errors), evidence.Errors()),
            (nameof(SignalList.Transactions), evidence.Transactions()))),
        new("Logs", evidence => Show<LogTable>((nameof(LogTable.Lines), evidence.Log().Take(LogTable.MaxLines).ToList()))),
    ];

    private bool IsOpen => Investigation.Incident.Closed is null;

    private (RenderFragment? Content, object Cited, bool Locked, bool ActLocked, bool IsOpen) Shown =>
        (_content, Draft.Evidence, Locked, ActLocked, IsOpen);

    protected override void OnParametersSet()
    {
        if (_read != (Investigation.Incident.Id, Milestones))
        {
            Read();
        }

        _bench = new Workbench(Draft, IsOpen, Locked, ActLocked, Cite, Act);
    }

    /// <summary>The page sets parameters with each snapshot. Only these change what is shown.</summary>
    protected override bool ShouldRender() => Shown != _shown;

    protected override void OnAfterRender(bool firstRender) => _shown = Shown;

    private static RenderFragment Show<T>(params (string Name, object Value)[] parameters)
        where T : IComponent => builder =>
        {
            builder.OpenComponent<T>(0);
            builder.AddMultipleAttributes(1, parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
            builder.CloseComponent();
        };

    private void Choose(Tab tab)
    {
        _tab = tab;
        Read();
    }

    private void Read()
    {
        _evidence = Investigation.Evidence;
        _read = (Investigation.Incident.Id, Milestones);
        _content = _tab.Show(_evidence);
    }

    private sealed record Tab(string Name, Func<IncidentEvidence, RenderFragment> Show);
}
