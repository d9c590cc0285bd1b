using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace MockSre.Web.Access;

internal enum AdminDecision
{
    Granted,
    TokenMissing,
    TokenWrong,
    TooManyWrongTokens,
    OnlyInDemo,
}

/// <summary>Decides who can see the admin side and who can change the service.</summary>
internal sealed class AdminAccess(ServiceSettings settings, AdminSessions sessions) : IDisposable
{
    /// <summary>Wrong tokens per client within <see cref="WrongTokenWindow"/>. After that even the right token is refused.</summary>
    public const int WrongTokenLimit = 10;

    public static readonly TimeSpan WrongTokenWindow = TimeSpan.FromMinutes(1);

    private readonly byte[]? _token = settings.AdminToken is { } token ? Digest(token) : null;

    private readonly PartitionedRateLimiter<string> _wrongTokens = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetFixedWindowLimiter(client, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = WrongTokenLimit,
            Window = WrongTokenWindow,
        }));

    public bool AsksForToken => _token is not null;

    /// <summary>Decides for a caller with a token.</summary>
    /// <param name="changes">False for reading only.</param>
    /// <param name="token">Null if the caller sent none.</param>
    /// <param name="client">Wrong tokens are counted by client; see <see cref="AdminGuard.Client"/>.</param>
    public AdminDecision Decide(bool changes, string? token, string client) =>
        _token is not null && CheckToken(token, client) is var decision and not AdminDecision.Granted ? decision : Decide(changes);

    /// <summary>Decides for a console session.</summary>
    /// <param name="session">From <see cref="SignIn"/>; null without one.</param>
    public AdminDecision Decide(bool changes, string? session) =>
        AsksForToken && !sessions.IsOpen(session) ? AdminDecision.TokenMissing : Decide(changes);

    /// <summary>Opens a session if the token is right.</summary>
    /// <param name="session">Null if refused.</param>
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

        // Acquiring zero permits tells whether any is left. The right token must fail too then, or guessing could go on.
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

    // Digests have a fixed length, so the comparison does not reveal the token's length.
    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
