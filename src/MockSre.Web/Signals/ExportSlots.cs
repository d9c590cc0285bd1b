namespace MockSre.Web.Signals;

/// <summary>Limits the number and duration of inbox exports, because each keeps what it reads in memory.</summary>
internal sealed class ExportSlots : IDisposable
{
    public const int Count = 2;

    /// <summary>The longest export. A full inbox needs about a megabyte a second.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _free = new(Count);

    /// <summary>Takes a slot until <see cref="Return"/>; false if none is free.</summary>
    public bool TryTake() => _free.Wait(0);

    public void Return() => _free.Release();

    public void Dispose() => _free.Dispose();
}
