using Microsoft.AspNetCore.Components;
using MockSre.Domain.Faults;
using MudBlazor;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>A button for each failure mode, with the mode's effects. The current mode is pressed.</summary>
public sealed partial class ModeSwitch
{
    /// <summary>The current mode; null if the deployment is not a mode.</summary>
    [Parameter, EditorRequired] public string? Current { get; set; }

    [Parameter, EditorRequired] public bool Locked { get; set; }

    [Inject] private ConsoleActions Actions { get; set; } = null!;
    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    private void Set(FailureMode mode) => Snackbar.AddRefusal(Actions.SetMode(mode));
}
