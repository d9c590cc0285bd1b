namespace MockSre.Web.Signals;

/// <summary>How many exports of the inbox there may be at once, and for how long, since each keeps in memory what it reads.</summary>
internal sealed class ExportSlots : IDisposable
{
    /// <summary>Exports at once.</summary>
    public const int Count = 2;

    /// <summary>How long one may take: a full inbox takes this at about a megabyte a second.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _free = new(Count);

    /// <summary>Takes a slot, to be given back with <see cref="Return"/>; false if none is free.</summary>
    public bool TryTake() => _free.Wait(0);

    /// <summary>Gives a slot back.</summary>
    public void Return() => _free.Release();

    public void Dispose() => _free.Dispose();
}
