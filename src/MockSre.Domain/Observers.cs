namespace MockSre.Domain;

/// <summary>Subscribers of an event. They are called one after the other on the publisher's thread. Thread-safe.</summary>
/// <param name="failed">
/// Called when a subscriber throws. The exception does not reach other subscribers or the publisher. Null ignores it.
/// </param>
public sealed class Observers<T>(Action<Exception>? failed)
{
    private readonly Lock _gate = new();
    private volatile Subscription[] _subscriptions = [];

    public int Count => _subscriptions.Length;

    public IDisposable Subscribe(Action<T> observer)
    {
        var subscription = new Subscription(this, observer);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    /// <summary>Calls all subscribers. The caller must not hold a lock that a subscriber may take.</summary>
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
            // An exception of the handler is ignored too.
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
