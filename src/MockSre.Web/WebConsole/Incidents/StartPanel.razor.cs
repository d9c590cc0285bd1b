using Microsoft.AspNetCore.Components;
using MockSre.Web.Incidents;

namespace MockSre.Web.WebConsole.Incidents;

public sealed partial class StartPanel
{
    private string _scenario = "";
    private string? _seed;
    private string? _minutes = IncidentOrder.DefaultMaxDuration.TotalMinutes.ToString(CultureInfo.InvariantCulture);
    private Pace _pace = Pace.Demo;
    private bool _blind;
    private bool _starting;
    private string? _refusal;

    /// <summary>Whether no run can be started now.</summary>
    [Parameter, EditorRequired] public bool Locked { get; set; }

    [Inject] private ScenarioCatalog Catalog { get; set; } = null!;

    [Inject] private CurrentRun Current { get; set; } = null!;

    [Inject] private ConsoleActions Actions { get; set; } = null!;

    [Inject] private ConsoleRights Rights { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<(string Name, string Title, string Summary)> Scenarios { get; set; } = [];

    private string? Problem =>
        Seed is < 0 ? $"The seed is a whole number from 0 to {Figures.Count(int.MaxValue)}, or empty for a random one."
        : Minutes is < 0 ? $"Auto-close takes a whole number of minutes from 1 to {IncidentOrder.MaxMaxDuration.TotalMinutes}."
        : null;

    // Negative for text that is not a whole number.
    private int? Seed => string.IsNullOrWhiteSpace(_seed) ? null : WholeNumber(_seed);

    private int Minutes =>
        WholeNumber(_minutes) is > 0 and var minutes && minutes <= IncidentOrder.MaxMaxDuration.TotalMinutes ? minutes : -1;

    protected override void OnInitialized()
    {
        Scenarios =
        [
            .. Catalog.Scenarios.Select(scenario => (scenario.Name, scenario.Title, scenario.Summary)),
            .. Catalog.Draws.Select(draw => (draw.Name, draw.Title, draw.Summary)),
        ];
        _scenario = Scenarios[0].Name;
    }

    private static int WholeNumber(string? text) =>
        int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private async Task StartAsync()
    {
        _starting = true;
        try
        {
            _refusal = await Actions.StartIncidentAsync(new IncidentOrder(_scenario, Seed, _pace, _blind, TimeSpan.FromMinutes(Minutes)));
        }
        finally
        {
            _starting = false;
        }

        if (_refusal is null && Current.Run is { } run)
        {
            Navigation.NavigateTo($"incidents/{run.Incident.Id}");
        }
    }
}
