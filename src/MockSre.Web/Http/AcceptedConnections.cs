using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace MockSre.Web.Http;

/// <summary>Accepts no more connections than there are descriptors for. Others wait in the system's queue until one is closed.</summary>
/// <remarks>
/// <see cref="OpenConnections"/> counts a connection only after it was accepted. Hundreds that open at once would use up all descriptors
/// before the first is counted, and .NET ends a process that has none left.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release.")]
internal sealed class AcceptedConnections(SocketTransportFactory sockets, ConnectionLimits limits, OpenConnections open)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SemaphoreSlim _free = new(limits.Connections, limits.Connections);

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), _free, open);

    private sealed class Listener(IConnectionListener sockets, SemaphoreSlim free, OpenConnections open) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (!await HasFreeAsync())
            {
                return null;
            }

            ConnectionContext? accepted = null;
            try
            {
                accepted = await sockets.AcceptAsync(cancellationToken);
            }
            finally
            {
                if (accepted is null)
                {
                    free.Release();
                }
            }

            return accepted is null ? null : new Connection(accepted, free);
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await sockets.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return sockets.DisposeAsync();
        }

        // False after unbinding.
        private async Task<bool> HasFreeAsync()
        {
            try
            {
                if (!free.Wait(0, CancellationToken.None))
                {
                    // A closed connection keeps its descriptor for minutes if its client does not read the answer.
                    open.CloseLongestIdle();
                    await free.WaitAsync(_unbound.Token);
                }

                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private sealed class Connection(ConnectionContext socket, SemaphoreSlim free) : ConnectionContext
    {
        private int _disposed;

        public override string ConnectionId
        {
            get => socket.ConnectionId;
            set => socket.ConnectionId = value;
        }

        public override IFeatureCollection Features => socket.Features;

        public override IDictionary<object, object?> Items
        {
            get => socket.Items;
            set => socket.Items = value;
        }

        public override IDuplexPipe Transport
        {
            get => socket.Transport;
            set => socket.Transport = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => socket.LocalEndPoint;
            set => socket.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => socket.RemoteEndPoint;
            set => socket.RemoteEndPoint = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => socket.ConnectionClosed;
            set => socket.ConnectionClosed = value;
        }

        public override void Abort() => socket.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => socket.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await socket.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                if (Interlocked.Exchange(ref _disposed, 1) == 0)
                {
                    free.Release();
                }
            }
        }
    }
}
