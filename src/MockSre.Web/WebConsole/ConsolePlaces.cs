using MockSre.Web.Http;

namespace MockSre.Web.WebConsole;

/// <summary>
/// Limits console connections, in total and by client, because each costs memory. A place is reserved by the request that opens a
/// connection, held while it is open, and kept for <see cref="ConsoleRegistration.ReconnectWindow"/> if its circuit can be resumed.
/// </summary>
internal sealed class ConsolePlaces(ConnectionLimits limits, TimeProvider time)
{
    /// <summary>Most places. Fewer if the file descriptors allow fewer websockets.</summary>
    public const int Limit = 200;

    /// <summary>A reserved connection must open within this time. SignalR drops it sooner.</summary>
    public static readonly TimeSpan OpeningWindow = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<ConsolePlace> _places = [];

    public int Most { get; } = Math.Min(Limit, limits.Upgraded);

    /// <summary>Half of the places, so that one client cannot take all of them.</summary>
    public int MostPerClient => Most / 2;

    public int Taken
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return _places.Count;
            }
        }
    }

    public bool HasRoom(string client)
    {
        lock (_gate)
        {
            Expire();
            return IsFree(client) || KeptFor(client) is not null;
        }
    }

    /// <summary>Reserves a place for a connection that is about to open. It expires after <see cref="OpeningWindow"/>.</summary>
    /// <returns>False if no place is free for this client.</returns>
    public bool TryReserve(string client)
    {
        lock (_gate)
        {
            Expire();
            return Add(client, ConsolePlaceState.Reserved) is not null;
        }
    }

    /// <summary>Frees the newest reservation of a client whose connection did not open.</summary>
    public void CancelReservation(string client)
    {
        lock (_gate)
        {
            if (_places.FindLast(place => place.Client == client && place.State == ConsolePlaceState.Reserved) is { } reserved)
            {
                _places.Remove(reserved);
            }
        }
    }

    /// <summary>Assigns the reserved place, or another free one, to a connection that has opened.</summary>
    /// <returns>Null if no place is free for this client.</returns>
    public ConsolePlace? TryOpen(string client)
    {
        lock (_gate)
        {
            Expire();
            if (_places.Find(place => place.Client == client && place.State == ConsolePlaceState.Reserved) is { } reserved)
            {
                reserved.State = ConsolePlaceState.Open;
                return reserved;
            }

            return Add(client, ConsolePlaceState.Open);
        }
    }

    /// <summary>Frees the place of a closed connection.</summary>
    /// <param name="keep">Keeps it for a while instead, because the circuit can be resumed.</param>
    public void Close(ConsolePlace place, bool keep)
    {
        lock (_gate)
        {
            if (keep)
            {
                place.State = ConsolePlaceState.Kept;
                place.Since = time.GetTimestamp();
            }
            else
            {
                _places.Remove(place);
            }
        }
    }

    private bool IsFree(string client) => _places.Count < Most && _places.Count(place => place.Client == client) < MostPerClient;

    private ConsolePlace? KeptFor(string client) => _places.Find(place => place.Client == client && place.State == ConsolePlaceState.Kept);

    // A returning client takes over the place that is kept for it.
    private ConsolePlace? Add(string client, ConsolePlaceState state)
    {
        if (!IsFree(client))
        {
            if (KeptFor(client) is not { } kept)
            {
                return null;
            }

            _places.Remove(kept);
        }

        var place = new ConsolePlace(client) { State = state, Since = time.GetTimestamp() };
        _places.Add(place);
        return place;
    }

    private void Expire() => _places.RemoveAll(place => place.State switch
    {
        ConsolePlaceState.Reserved => time.GetElapsedTime(place.Since) >= OpeningWindow,
        ConsolePlaceState.Kept => time.GetElapsedTime(place.Since) >= ConsoleRegistration.ReconnectWindow,
        _ => false,
    });
}

internal enum ConsolePlaceState
{
    Reserved,

    Open,

    /// <summary>The connection is closed, but its circuit can be resumed.</summary>
    Kept,
}

/// <summary>One place. <see cref="ConsolePlaces"/> guards its state with its lock.</summary>
internal sealed class ConsolePlace(string client)
{
    public string Client => client;

    public ConsolePlaceState State { get; set; }

    /// <summary>The timestamp when it was reserved or kept.</summary>
    public long Since { get; set; }
}
