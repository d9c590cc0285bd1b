namespace MockSre.Domain;

/// <summary>Those who want to hear of something, one after the other, on the thread of whoever tells. Safe to use from any thread.</summary>
/// <param name="failed">Hears of an observer's exception, which spoils nothing for the others or for whoever tells, nor does one of its own; null passes over it.</param>
public sealed class Observers<T>(Action<Exception>? failed)
{
    private readonly Lock _gate = new();
    private volatile Subscription[] _subscriptions = [];

    /// <summary>How many there are.</summary>
    public int Count => _subscriptions.Length;

    /// <summary>Calls an observer each time, until what is returned is disposed of.</summary>
    public IDisposable Subscribe(Action<T> observer)
    {
        var subscription = new Subscription(this, observer);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    /// <summary>Tells all of them. Not to be called under a lock that an observer may want.</summary>
    public void Tell(T news)
    {
        foreach (var subscription in _subscriptions)
        {
            try
            {
                subscription.Tell(news);
            }
            catch (Exception e)
            {
                Report(e);
            }
        }
    }

    private void Report(Exception e)
    {
        try
        {
            failed?.Invoke(e);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }

    private sealed class Subscription(Observers<T> source, Action<T> observer) : IDisposable
    {
        private volatile bool _over;

        public void Tell(T news)
        {
            if (!_over)
            {
                observer(news);
            }
        }

        public void Dispose()
        {
            _over = true;
            lock (source._gate)
            {
                source._subscriptions = Array.FindAll(source._subscriptions, other => other != this);
            }
        }
    }
}
