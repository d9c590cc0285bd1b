using Microsoft.AspNetCore.Components;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>Hands the newest <see cref="ConsoleSnapshot"/> to everything inside it: the one subscription of a circuit, and the one render a second.</summary>
public sealed partial class LiveSnapshot : IDisposable
{
    private ConsoleSnapshot? _snapshot;
    private IDisposable? _subscription;
    private int _rendering;
    private bool _disposed;

    /// <summary>What shows it.</summary>
    [Parameter, EditorRequired]
    public RenderFragment ChildContent { get; set; } = null!;

    [Inject]
    private ConsoleFeed Feed { get; set; } = null!;

    [Inject]
    private ConsoleRights Rights { get; set; } = null!;

    /// <summary>Lets go of the feed.</summary>
    public void Dispose()
    {
        _disposed = true;
        _subscription?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await Rights.OpenAsync();
        if (_disposed)
        {
            // The circuit ended meanwhile: nobody would ever let go of the feed.
            return;
        }

        _subscription = Feed.Subscribe(Show);
        _snapshot = Feed.Current;
    }

    // A circuit that is slow to render skips to the newest snapshot instead of queueing all of them. It is read when rendered: two that are told
    // at the same time may come in the wrong order.
    private void Show(ConsoleSnapshot told)
    {
        if (Interlocked.Exchange(ref _rendering, 1) == 0)
        {
            _ = InvokeAsync(RenderNewestAsync);
        }
    }

    private async Task RenderNewestAsync()
    {
        try
        {
            Volatile.Write(ref _rendering, 0);
            _snapshot = Feed.Current;
            StateHasChanged();
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }
}
