using Microsoft.AspNetCore.Components;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>Cascades the newest <see cref="ConsoleSnapshot"/>: one subscription per circuit, and one render per second.</summary>
public sealed partial class LiveSnapshot : IDisposable
{
    private ConsoleSnapshot? _snapshot;
    private IDisposable? _subscription;
    private int _rendering;
    private bool _disposed;

    [Parameter, EditorRequired] public RenderFragment ChildContent { get; set; } = null!;

    [Inject] private ConsoleFeed Feed { get; set; } = null!;
    [Inject] private ConsoleRights Rights { get; set; } = null!;

    public void Dispose()
    {
        _disposed = true;
        _subscription?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await Rights.OpenAsync();
        if (_disposed)
        {
            // The circuit has ended meanwhile. Nothing would dispose of a subscription.
            return;
        }

        _subscription = Feed.Subscribe(Show);
        _snapshot = Feed.Current;
    }

    // A slow circuit skips to the newest snapshot. It reads the snapshot when it renders, because concurrent calls can arrive in any order.
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
