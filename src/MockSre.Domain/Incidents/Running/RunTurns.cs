namespace MockSre.Domain.Incidents.Running;

/// <summary>Lets one caller at a time change a run. Before <see cref="Open"/> all callers wait.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release.")]
public sealed class RunTurns(RunJournal journal)
{
    private readonly SemaphoreSlim _turn = new(initialCount: 0, maxCount: 1);

    public void Open() => _turn.Release();

    /// <summary>Changes the run. The caller gets the result once its events are kept, or have failed to be kept.</summary>
    public async Task<T> TakeAsync<T>(Func<T> change)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var result = change();
            await journal.KeepAsync().ConfigureAwait(false);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task TakeAsync(Action change) => TakeAsync(() =>
    {
        change();
        return true;
    });
}
