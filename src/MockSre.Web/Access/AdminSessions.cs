using System.Security.Cryptography;

namespace MockSre.Web.Access;

/// <summary>The sessions of people who have shown the admin token to the console. They live in this process alone: a restart ends them all.</summary>
internal sealed class AdminSessions(TimeProvider time)
{
    /// <summary>Sessions at once; the oldest ends for one more.</summary>
    public const int Limit = 100;

    /// <summary>How long one lasts at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const int IdBytes = 32;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, long> _openedAt = [];

    /// <summary>Begins a session.</summary>
    /// <returns>Its id, which nobody can guess.</returns>
    public string Open()
    {
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(IdBytes));
        lock (_gate)
        {
            if (_openedAt.Count == Limit)
            {
                _openedAt.RemoveAt(0);
            }

            _openedAt[id] = time.GetTimestamp();
        }

        return id;
    }

    /// <summary>Whether a session lasts.</summary>
    public bool IsOpen(string? id)
    {
        lock (_gate)
        {
            return id is not null && _openedAt.TryGetValue(id, out var openedAt) && time.GetElapsedTime(openedAt) < Lifetime;
        }
    }

    /// <summary>Ends a session, wherever it is in use.</summary>
    public void Close(string? id)
    {
        lock (_gate)
        {
            if (id is not null)
            {
                _openedAt.Remove(id);
            }
        }
    }
}
