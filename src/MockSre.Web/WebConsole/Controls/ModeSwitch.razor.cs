using Microsoft.AspNetCore.Components;
using MockSre.Domain.Faults;
using MudBlazor;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>The failure modes, each with what it does; the one in force is pressed.</summary>
public sealed partial class ModeSwitch
{
    /// <summary>The name of the mode in force; null where what is in force has none.</summary>
    [Parameter, EditorRequired]
    public string? Current { get; set; }

    /// <summary>Whether nothing can be changed.</summary>
    [Parameter, EditorRequired]
    public bool Locked { get; set; }

    [Inject]
    private ConsoleActions Actions { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    private void Set(FailureMode mode) => Snackbar.AddRefusal(Actions.SetMode(mode));
}
