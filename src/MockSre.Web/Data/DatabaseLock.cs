namespace MockSre.Web.Data;

/// <summary>An operating-system lock beside a database file, released when the process ends. In memory it is always free.</summary>
/// <remarks>The lock file is never deleted: otherwise two processes could hold the lock, one of them on the deleted file.</remarks>
internal sealed class DatabaseLock(DatabaseUrl url) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private FileStream? _file;
    private int _holders;

    /// <summary>Takes the lock. It can be taken several times; the last one disposed of releases it.</summary>
    /// <returns>Null if another process holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file cannot be written.</exception>
    public IDisposable? TryTake()
    {
        lock (_gate)
        {
            if (url.FilePath is { } path && _file is null)
            {
                try
                {
                    _file = new FileStream(FileFor(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
                }
                catch (IOException)
                {
                    return null;
                }
            }

            _holders++;
            return new Hold(this);
        }
    }

    /// <param name="patience">The longest wait, in real time whatever the service's clock says.</param>
    /// <returns>Null if another process still holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file cannot be written.</exception>
    public async Task<IDisposable?> TakeAsync(TimeSpan patience)
    {
        var begun = TimeProvider.System.GetTimestamp();
        IDisposable? hold;
        while ((hold = TryTake()) is null && TimeProvider.System.GetElapsedTime(begun) < patience)
        {
            await Task.Delay(Pause, TimeProvider.System);
        }

        return hold;
    }

    /// <summary>Releases the lock for all holders.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _holders = 0;
            _file?.Dispose();
            _file = null;
        }
    }

    // Follows symbolic links like SQLite, so that all names of a database share one lock.
    private static string FileFor(string path)
    {
        var full = Path.GetFullPath(path);
        return (File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full) + ".lock";
    }

    private void Release()
    {
        lock (_gate)
        {
            if (_holders > 0 && --_holders == 0)
            {
                _file?.Dispose();
                _file = null;
            }
        }
    }

    private sealed class Hold(DatabaseLock owner) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                owner.Release();
            }
        }
    }
}
