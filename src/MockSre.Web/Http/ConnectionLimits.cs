namespace MockSre.Web.Http;

/// <summary>How many connections the service accepts, so that it never runs out of file descriptors.</summary>
/// <param name="Connections">Connections from clients that the descriptors allow. No more are accepted.</param>
/// <param name="OwnRequests">Connections from the load generator to the service itself.</param>
internal sealed record ConnectionLimits(int Connections, int OwnRequests)
{
    /// <summary>The limit on machines with many descriptors.</summary>
    public const int MostConnections = 10_000;

    /// <summary>The service refuses to start with fewer.</summary>
    public const int FewestConnections = 50;

    /// <summary>Descriptors of an idle service: program files, databases, pipes and sockets. 340 were measured.</summary>
    public const int AtRest = 450;

    /// <summary>Descriptors of a database connection: the database, its log and the log's index.</summary>
    public const int PerDatabaseConnection = 3;

    // A quarter of the remaining descriptors is for requests of the load generator.
    private const int OwnShare = 4;

    // A third of the connections is spare, for those that are accepted and not yet counted, or closed and not yet gone.
    private const int SpareShare = 3;

    /// <summary>From this many connections on, a new one replaces the longest idle one. If all are busy, it is refused.</summary>
    public int FullFrom => Connections - (Connections / SpareShare);

    /// <summary>Connections that may become websockets, which are never idle.</summary>
    public int Upgraded => FullFrom / 2;

    /// <summary>The fewest descriptors that the service can run with.</summary>
    public static int NeededDescriptors(int poolLimit) => Reserve(poolLimit) + Divided(FewestConnections);

    /// <summary>Divides the descriptors of this process between clients and the load generator.</summary>
    /// <param name="descriptors">The process limit; null for unknown or unlimited.</param>
    public static ConnectionLimits For(int? descriptors, int poolLimit)
    {
        var left = Math.Max((descriptors ?? int.MaxValue) - Reserve(poolLimit), 0);
        return new ConnectionLimits(Math.Min(left - (left / OwnShare), MostConnections), left / OwnShare);
    }

    /// <summary>The limit of open files and sockets of this process, from Linux. Null elsewhere, and for no limit.</summary>
    public static int? Descriptors()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max open files";
        var line = File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))
            : null;
        var limit = line?[Name.Length..].TrimStart().Split(' ')[0];
        return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    private static int Reserve(int poolLimit) => AtRest + (PerDatabaseConnection * (poolLimit + Deployment.VisitorConnections));

    // The fewest descriptors that leave this many connections to clients.
    private static int Divided(int connections) => connections * OwnShare / (OwnShare - 1);
}
