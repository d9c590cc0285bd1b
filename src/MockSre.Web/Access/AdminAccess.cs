using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using MockSre.Domain.Settings;

namespace MockSre.Web.Access;

/// <summary>What somebody who wants to use the admin side is told.</summary>
internal enum AdminDecision
{
    Granted,
    TokenMissing,
    TokenWrong,
    TooManyWrongTokens,
    OnlyInDemo,
}

/// <summary>The one place that decides who may look at the admin side and who may change anything.</summary>
internal sealed class AdminAccess(ServiceSettings settings, AdminSessions sessions) : IDisposable
{
    /// <summary>Wrong tokens that one client may give within <see cref="WrongTokenWindow"/>; then even the right one is refused.</summary>
    public const int WrongTokenLimit = 10;

    /// <summary>After this the client may try again.</summary>
    public static readonly TimeSpan WrongTokenWindow = TimeSpan.FromMinutes(1);

    private readonly byte[]? _token = settings.AdminToken is { } token ? Digest(token) : null;

    private readonly PartitionedRateLimiter<string> _wrongTokens = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetFixedWindowLimiter(client, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = WrongTokenLimit,
            Window = WrongTokenWindow,
        }));

    /// <summary>Whether there is a token to be shown at all.</summary>
    public bool AsksForToken => _token is not null;

    /// <summary>Decides for somebody who shows a token.</summary>
    /// <param name="changes">Whether something is to be changed, or only looked at.</param>
    /// <param name="token">The token given; null for none.</param>
    /// <param name="client">Who asks: wrong tokens are counted by client.</param>
    public AdminDecision Decide(bool changes, string? token, string client)
    {
        if (_token is not null && CheckToken(token, client) is var decision and not AdminDecision.Granted)
        {
            return decision;
        }

        return Decide(changes);
    }

    /// <summary>Decides for somebody who has signed in, or has not.</summary>
    /// <param name="changes">Whether something is to be changed, or only looked at.</param>
    /// <param name="session">The session that <see cref="SignIn"/> began; null for none.</param>
    public AdminDecision Decide(bool changes, string? session) =>
        AsksForToken && !sessions.IsOpen(session) ? AdminDecision.TokenMissing : Decide(changes);

    /// <summary>Begins a session for whoever shows the token.</summary>
    /// <param name="token">The token given; null for none.</param>
    /// <param name="client">Who asks, as in <see cref="Decide(bool, string?, string)"/>.</param>
    /// <param name="session">The session; null where it is refused.</param>
    public AdminDecision SignIn(string? token, string client, out string? session)
    {
        var decision = Decide(changes: false, token, client);
        session = decision == AdminDecision.Granted ? sessions.Open() : null;
        return decision;
    }

    public void Dispose() => _wrongTokens.Dispose();

    private AdminDecision Decide(bool changes) =>
        changes && settings.Environment != ServiceEnvironment.Demo ? AdminDecision.OnlyInDemo : AdminDecision.Granted;

    private AdminDecision CheckToken(string? token, string client)
    {
        if (token is null)
        {
            return AdminDecision.TokenMissing;
        }

        // Taking none tells whether any is left. The right token must not pass then either, or guessing could go on.
        using var left = _wrongTokens.AttemptAcquire(client, permitCount: 0);
        if (!left.IsAcquired)
        {
            return AdminDecision.TooManyWrongTokens;
        }

        if (CryptographicOperations.FixedTimeEquals(Digest(token), _token))
        {
            return AdminDecision.Granted;
        }

        using var taken = _wrongTokens.AttemptAcquire(client);
        return AdminDecision.TokenWrong;
    }

    // Digests have one length, so that comparing them tells nothing about the token's.
    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
