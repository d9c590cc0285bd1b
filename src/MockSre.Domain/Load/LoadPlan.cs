namespace MockSre.Domain.Load;

/// <summary>What a load sends: a number of requests, or a rate.</summary>
public abstract record LoadPlan
{
    /// <summary>The number of users. Requests ask for users 1, 2 and so on in turn.</summary>
    public const int Users = 10;

    private LoadPlan() { }

    /// <param name="number">The number of the request, from 1.</param>
    public static string InTurn(int number) => (((number - 1) % Users) + 1).ToString(CultureInfo.InvariantCulture);

    public sealed record ClosedLoop : LoadPlan
    {
        public const int DefaultRequests = 50;
        public const int DefaultConcurrency = 10;
        public const int MaxRequests = 10_000;
        public const int MaxConcurrency = 100;

        /// <param name="requests">1 to <see cref="MaxRequests"/>.</param>
        /// <param name="concurrency">1 to <see cref="MaxConcurrency"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
        public ClosedLoop(int requests, int concurrency)
        {
            RequireRange(requests, 1, MaxRequests, nameof(requests));
            RequireRange(concurrency, 1, MaxConcurrency, nameof(concurrency));
            Requests = requests;
            Concurrency = concurrency;
        }

        public int Requests { get; }
        public int Concurrency { get; }
    }

    /// <summary>An open loop: a rate of requests, however long each takes, until it is cancelled.</summary>
    public sealed record OpenLoop : LoadPlan
    {
        /// <summary>Requests a second in the demo: few enough that the scan alone causes no errors.</summary>
        public const double DefaultRate = 5;

        public const double MinRate = 0.1;
        public const double MaxRate = 200;

        /// <summary>The most requests in flight. Further ones are skipped and counted.</summary>
        public const int MaxInFlight = 2000;

        /// <param name="rate">Requests a second, <see cref="MinRate"/> to <see cref="MaxRate"/>.</param>
        /// <param name="userOf">The user of a request by its number from 1, as the path has it; null if users take turns.</param>
        /// <exception cref="ArgumentOutOfRangeException">The rate is outside its range.</exception>
        public OpenLoop(double rate, Func<int, string>? userOf = null)
        {
            RequireRange(rate, MinRate, MaxRate, nameof(rate));
            Rate = rate;
            UserOf = userOf ?? InTurn;
        }

        public Func<int, string> UserOf { get; }
        public double Rate { get; }
    }

    private static void RequireRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        // Written so that NaN fails too.
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} must be from {least} to {most}"));
        }
    }
}
