using MockSre.Web.Http;

namespace MockSre.Web.WebConsole;

/// <summary>
/// Counts the connections of consoles, each of which costs memory, in total and by client. A place is reserved by the request that opens a connection, held while
/// the connection is open, and kept for <see cref="ConsoleRegistration.ReconnectWindow"/> where a circuit may be found again.
/// </summary>
internal sealed class ConsolePlaces(ConnectionLimits limits, TimeProvider time)
{
    /// <summary>Places at once, where there are descriptors for so many websockets.</summary>
    public const int Limit = 200;

    /// <summary>How long a connection may take from its first request until it is open. SignalR drops it sooner.</summary>
    public static readonly TimeSpan OpeningWindow = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<ConsolePlace> _places = [];

    /// <summary>Places at once.</summary>
    public int Most { get; } = Math.Min(Limit, limits.Upgraded);

    /// <summary>Places at once of one client, so that no client can take all of them.</summary>
    public int MostPerClient => Most / 2;

    /// <summary>Places taken now.</summary>
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

    /// <summary>Whether a client may have one more.</summary>
    public bool HasRoom(string client)
    {
        lock (_gate)
        {
            Expire();
            return IsFree(client) || KeptFor(client) is not null;
        }
    }

    /// <summary>Reserves a place for a connection that is about to open. It lapses after <see cref="OpeningWindow"/>.</summary>
    /// <returns>False where there is none for this client.</returns>
    public bool TryReserve(string client)
    {
        lock (_gate)
        {
            Expire();
            return Add(client, ConsolePlaceState.Reserved) is not null;
        }
    }

    /// <summary>Gives back the newest reservation of a client, whose connection did not open.</summary>
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

    /// <summary>Gives a connection that has opened the place reserved for it, or another one.</summary>
    /// <returns>Null where there is none for this client.</returns>
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

    /// <summary>The connection is closed.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="keep">Whether its circuit may be found again.</param>
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

    // A client that comes back takes over the place that is kept for it.
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
    /// <summary>For a connection that is about to open.</summary>
    Reserved,

    /// <summary>Its connection is open.</summary>
    Open,

    /// <summary>Its connection is closed, and its circuit may be found again.</summary>
    Kept,
}

/// <summary>One of the <see cref="ConsolePlaces"/>, which guard its state.</summary>
/// <param name="client">Whose it is.</param>
internal sealed class ConsolePlace(string client)
{
    public string Client => client;

    public ConsolePlaceState State { get; set; }

    /// <summary>The timestamp since which it is reserved or kept.</summary>
    public long Since { get; set; }
}
