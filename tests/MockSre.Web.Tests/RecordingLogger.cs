using Microsoft.Extensions.Logging;

namespace MockSre.Web.Tests;

/// <summary>Keeps what is logged, as <c>Warning: message</c>, and <c>with its stack</c> where an exception came along.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" with its stack: {exception.GetType().Name}")}");
}
