using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace MockSre.Web.WebConsole.Layout;

/// <summary>The frame of every page: navigation, the current mode, sign-in and the theme.</summary>
public sealed partial class MainLayout
{
    private const string Dark = "dark";
    private const string Light = "light";

    private MudThemeProvider _theme = null!;
    private bool _dark;
    private bool _chosen;
    private bool _ready;

    [Inject] private IJSRuntime Browser { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        // Render nothing until the theme is known, to avoid a flash of the wrong one.
        var choice = await AskAsync(() => Browser.InvokeAsync<string?>("mockSre.chosenTheme"));
        _chosen = choice is Dark or Light;
        _dark = _chosen ? choice == Dark : await AskAsync(() => new ValueTask<bool>(_theme.GetSystemDarkModeAsync()));
        _ready = true;
        StateHasChanged();
    }

    private void FollowSystem(bool dark) => _dark = _chosen ? _dark : dark;

    private async Task ChooseThemeAsync()
    {
        _dark = !_dark;
        _chosen = true;
        await AskAsync(() => Browser.InvokeAsync<object?>("mockSre.chooseTheme", _dark ? Dark : Light));
    }

    // The console works without our script too, for example if a browser extension blocks it.
    private static async Task<T?> AskAsync<T>(Func<ValueTask<T>> browser)
    {
        try
        {
            return await browser();
        }
        catch (JSException)
        {
            return default;
        }
    }
}
