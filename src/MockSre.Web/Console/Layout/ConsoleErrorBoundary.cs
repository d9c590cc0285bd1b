using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using MockSre.Web.Signals;

namespace MockSre.Web.Console.Layout;

/// <summary>Shows a message in place of what failed, tells Sentry once, and tries again when the person goes elsewhere or asks for it.</summary>
public sealed class ConsoleErrorBoundary : ErrorBoundary
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

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenElement(1, "div");
        builder.AddAttribute(2, "class", "failed");
        builder.AddAttribute(3, "role", "alert");
        builder.AddMarkupContent(4, "<h1>This part of the console failed</h1><p>The service itself goes on. The reason is in its log and among the signals.</p>");
        builder.OpenElement(5, "button");
        builder.AddAttribute(6, "type", "button");
        builder.AddAttribute(7, "onclick", EventCallback.Factory.Create(this, Recover));
        builder.AddContent(8, "Try again");
        builder.CloseElement();
        builder.CloseElement();
    }
}
