using Microsoft.AspNetCore.Components;
using MockSre.Web.Signals;

namespace MockSre.Web.Console.Layout;

/// <summary>Shows a message in place of what failed, tells Sentry once, and tries again when the person goes elsewhere or asks for it.</summary>
public sealed partial class ConsoleErrorBoundary
{
    private string? _failedAt;

    [Inject]
    private IHub Hub { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnErrorAsync(Exception exception)
    {
        _failedAt = Navigation.Uri;
        await base.OnErrorAsync(exception);
        ConsoleSignals.Failed(Hub, exception, Navigation.ToAbsoluteUri(Navigation.Uri).AbsolutePath);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (CurrentException is not null && Navigation.Uri != _failedAt)
        {
            Recover();
        }
    }
}
