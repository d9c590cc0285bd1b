using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MockSre.Web.Tests.Data;

/// <summary>Records the queries that EF Core runs for one test, from the events that Sentry's integration uses.</summary>
internal sealed class QueryLog : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly AsyncLocal<QueryLog?> Current = new();

    private readonly ConcurrentQueue<TimeSpan> _durations = new();
    private readonly List<IDisposable> _subscriptions = [];

    public QueryLog()
    {
        Current.Value = this;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public IReadOnlyCollection<TimeSpan> Durations => _durations;

    public void OnNext(DiagnosticListener listener)
    {
        if (listener.Name == DbLoggerCategory.Name)
        {
            _subscriptions.Add(listener.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> written)
    {
        // Other tests run queries at the same time.
        if (Current.Value == this && written.Value is CommandExecutedEventData { ExecuteMethod: DbCommandMethod.ExecuteReader } executed)
        {
            _durations.Enqueue(executed.Duration);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}
