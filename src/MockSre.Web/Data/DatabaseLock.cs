using MockSre.Domain.Settings;

namespace MockSre.Web.Data;

/// <summary>
/// A lock of the operating system beside a database file. One process holds it at a time; the system releases it when the process ends,
/// however it ends. A database in memory has no second process, so its lock is always free.
/// </summary>
/// <param name="url">The database.</param>
/// <remarks>The lock file stays: to delete it while another process opens it would let two processes hold the lock.</remarks>
internal sealed class DatabaseLock(DatabaseUrl url) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private FileStream? _file;
    private int _holders;

    /// <summary>Takes the lock, several times if need be; the last one disposed of releases it.</summary>
    /// <returns>Null while another process holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file may not be written.</exception>
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

    /// <summary>Takes the lock as soon as it is free.</summary>
    /// <param name="patience">How long to wait for another process, in real time at any pace of the service's own clock.</param>
    /// <returns>Null where another process still holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file may not be written.</exception>
    public async Task<IDisposable?> TakeAsync(TimeSpan patience)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryTake() is { } hold)
            {
                return hold;
            }

            if (TimeProvider.System.GetElapsedTime(begun) >= patience)
            {
                return null;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Releases it, whatever still holds it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _holders = 0;
            _file?.Dispose();
            _file = null;
        }
    }

    // SQLite opens the file that a symbolic link leads to, and so do others under its own name.
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
