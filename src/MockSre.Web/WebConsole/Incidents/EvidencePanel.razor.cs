using Microsoft.AspNetCore.Components;
using MockSre.Domain.Incidents.Evidence;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>
/// What an investigator may know, a kind at a time: made of the run when a kind is chosen, when something happens, and when somebody asks again; not each second.
/// </summary>
public sealed partial class EvidencePanel
{
    private RenderFragment? _content;
    private Workbench _bench = null!;
    private Tab _tab = Tabs[0];
    private DateTimeOffset _at;
    private (string Id, int Milestones) _read;
    private (RenderFragment? Content, object Cited, bool Locked, bool ActLocked, bool IsOpen) _shown;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public IncidentRecord Incident { get; set; } = null!;

    /// <summary>Another number after each event that changes evidence.</summary>
    [Parameter, EditorRequired]
    public int Milestones { get; set; }

    /// <summary>The diagnosis so far.</summary>
    [Parameter, EditorRequired]
    public DiagnosisDraft Draft { get; set; } = null!;

    /// <summary>Whether whoever looks may not cite, or not yet.</summary>
    [Parameter, EditorRequired]
    public bool Locked { get; set; }

    /// <summary>Whether whoever looks may not act, or not yet.</summary>
    [Parameter, EditorRequired]
    public bool ActLocked { get; set; }

    /// <summary>Cites a piece of evidence, or no longer.</summary>
    [Parameter, EditorRequired]
    public EventCallback<string> Cite { get; set; }

    /// <summary>Does something to the service.</summary>
    [Parameter, EditorRequired]
    public EventCallback<RepairAction> Act { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private static IReadOnlyList<Tab> Tabs { get; } =
    [
        new("Commits", evidence => Show<CommitEvidence>((nameof(CommitEvidence.Commits), evidence.Commits()))),
        new("Deploys", evidence => Show<DeployEvidence>((nameof(DeployEvidence.Deploys), evidence.Deploys()))),
        new("Config", evidence => Show<ConfigEvidence>((nameof(ConfigEvidence.Settings), evidence.Config()))),
        new("Metrics", evidence => Show<MetricsEvidence>(
            (nameof(MetricsEvidence.ByRelease), evidence.MetricsByRelease()), (nameof(MetricsEvidence.ByTime), evidence.MetricsByTime()))),
        new("Signals", evidence => Show<SignalEvidence>(
            (nameof(SignalEvidence.Issues), evidence.Issues()),
            (nameof(SignalEvidence.Errors), evidence.Errors()),
            (nameof(SignalEvidence.Transactions), evidence.Transactions()))),
        new("Logs", evidence => Show<LogEvidence>((nameof(LogEvidence.Lines), evidence.Log().Take(LogEvidence.MaxLines).ToList()))),
    ];

    private bool IsOpen => Incident.Closed is null;

    private (RenderFragment? Content, object Cited, bool Locked, bool ActLocked, bool IsOpen) Shown => (_content, Draft.Evidence, Locked, ActLocked, IsOpen);

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_read != (Incident.Id, Milestones))
        {
            Read();
        }

        _bench = new Workbench(Draft, IsOpen, Locked, ActLocked, Cite, Act);
    }

    /// <summary>The page comes here with each snapshot; what is shown changes with what is listed only.</summary>
    protected override bool ShouldRender() => Shown != _shown;

    /// <inheritdoc/>
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
        _at = Incident.Closed?.At ?? Time.GetUtcNow();
        _read = (Incident.Id, Milestones);
        _content = _tab.Show(new EvidenceIndex(Incident, _at));
    }

    private sealed record Tab(string Name, Func<EvidenceIndex, RenderFragment> Show);
}
