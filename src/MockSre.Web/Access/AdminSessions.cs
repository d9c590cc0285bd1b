using System.Security.Cryptography;

namespace MockSre.Web.Access;

/// <summary>Signed-in console sessions. They live in memory, so a restart ends them all.</summary>
internal sealed class AdminSessions(TimeProvider time)
{
    /// <summary>Most sessions at once. A further one ends the oldest.</summary>
    public const int Limit = 100;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const int IdBytes = 32;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, long> _openedAt = [];

    /// <returns>The session id, a random secret.</returns>
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

    public bool IsOpen(string? id) => _gate.Read(() =>
        id is not null && _openedAt.TryGetValue(id, out var openedAt) && time.GetElapsedTime(openedAt) < Lifetime);

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
