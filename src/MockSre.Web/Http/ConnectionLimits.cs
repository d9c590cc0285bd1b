using System.Globalization;
using MockSre.Domain.Faults;

namespace MockSre.Web.Http;

/// <summary>How many connections the service takes at once, so that it never runs out of file descriptors.</summary>
/// <param name="Connections">Connections for which there are descriptors.</param>
/// <param name="OwnRequests">Connections at once from the service to itself, for its loads.</param>
internal sealed record ConnectionLimits(int Connections, int OwnRequests)
{
    /// <summary>The most connections, however many descriptors there are.</summary>
    public const int MostConnections = 10_000;

    /// <summary>With fewer connections the service refuses to start.</summary>
    public const int FewestConnections = 50;

    /// <summary>Descriptors of a service without requests: program files, databases, pipes and sockets. 340 were measured.</summary>
    public const int AtRest = 450;

    /// <summary>Descriptors of a database connection: the database, its log, and the log's index.</summary>
    public const int PerDatabaseConnection = 3;

    /// <summary>Of the descriptors that are left, one in so many is for the service's requests to itself.</summary>
    private const int OwnShare = 4;

    /// <summary>One in so many connections is spare: for those that the system has accepted and the service has not counted yet.</summary>
    private const int SpareShare = 3;

    /// <summary>Connections at once. Then the one that has been idle longest is closed for each new one; where all are busy, new ones are refused.</summary>
    public int FullFrom => Connections - (Connections / SpareShare);

    /// <summary>Connections at once that may become websockets, which are never idle.</summary>
    public int Upgraded => FullFrom / 2;

    /// <summary>The descriptors without which the service cannot serve.</summary>
    /// <param name="poolLimit">Database connections at once.</param>
    public static int NeededDescriptors(int poolLimit) => Reserve(poolLimit) + Divided(FewestConnections);

    /// <summary>Divides the descriptors of this process.</summary>
    /// <param name="descriptors">How many it may open; null where that is unknown or unlimited.</param>
    /// <param name="poolLimit">Database connections at once.</param>
    public static ConnectionLimits For(int? descriptors, int poolLimit)
    {
        var left = Math.Max((descriptors ?? int.MaxValue) - Reserve(poolLimit), 0);
        return new ConnectionLimits(Math.Min(left - (left / OwnShare), MostConnections), left / OwnShare);
    }

    /// <summary>How many files and sockets this process may open at once, as Linux says; null elsewhere, and for no limit.</summary>
    public static int? Descriptors()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max open files";
        var line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        return int.TryParse(line?[Name.Length..].TrimStart().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    private static int Reserve(int poolLimit) => AtRest + (PerDatabaseConnection * (poolLimit + Deployment.VisitorConnections));

    // The least that leaves so many connections.
    private static int Divided(int connections) => connections * OwnShare / (OwnShare - 1);
}
