using Microsoft.AspNetCore.Components.Server.Circuits;

namespace MockSre.Web.Console;

/// <summary>Counts open consoles, each of which costs memory whoever looks at it, and lets no more be opened than <see cref="Most"/>.</summary>
internal sealed class ConsoleLimit : CircuitHandler
{
    /// <summary>Consoles open at once, those that lost their connection within <see cref="ConsoleRegistration.ReconnectWindow"/> included.</summary>
    public const int Most = 100;

    private int _open;

    /// <summary>Consoles open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Whether no more may be opened.</summary>
    public bool IsReached => Open >= Most;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // The guard lets pass who asks at the same time; here each is counted.
        return Interlocked.Increment(ref _open) > Most
            ? Task.FromException(new InvalidOperationException("Too many consoles are open."))
            : Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Decrement(ref _open);
        return Task.CompletedTask;
    }
}
