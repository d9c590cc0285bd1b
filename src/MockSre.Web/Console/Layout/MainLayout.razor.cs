using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace MockSre.Web.Console.Layout;

/// <summary>The frame of every page: the mode always in view, the way to the other pages, dark or light.</summary>
public sealed partial class MainLayout
{
    private const string Dark = "dark";
    private const string Light = "light";

    private MudThemeProvider _theme = null!;
    private bool _dark;
    private bool _chosen;
    private bool _ready;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        // Nothing is shown before it is known in which colours.
        var choice = await Browser.InvokeAsync<string?>("mockSre.chosenTheme");
        _chosen = choice is Dark or Light;
        _dark = _chosen ? choice == Dark : await _theme.GetSystemDarkModeAsync();
        _ready = true;
        StateHasChanged();
    }

    private void FollowSystem(bool dark) => _dark = _chosen ? _dark : dark;

    private async Task ChooseThemeAsync()
    {
        _dark = !_dark;
        _chosen = true;
        await Browser.InvokeVoidAsync("mockSre.chooseTheme", _dark ? Dark : Light);
    }
}
