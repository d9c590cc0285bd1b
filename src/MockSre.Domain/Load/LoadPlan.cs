using System.Globalization;

namespace MockSre.Domain.Load;

/// <summary>What a load sends: a number of requests, or a rate of them.</summary>
public abstract record LoadPlan
{
    /// <summary>Users that requests are for, in turn, from 1.</summary>
    public const int Users = 10;

    private LoadPlan()
    {
    }

    /// <summary>The users one after the other, from 1, and again.</summary>
    /// <param name="number">A request's, from 1.</param>
    public static string InTurn(int number) => (((number - 1) % Users) + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>A closed loop: so many requests, so many at a time.</summary>
    public sealed record ClosedLoop : LoadPlan
    {
        /// <summary>Requests of the incident's demo.</summary>
        public const int DefaultRequests = 50;

        /// <summary>How many of these at a time.</summary>
        public const int DefaultConcurrency = 10;

        /// <summary>The most requests.</summary>
        public const int MaxRequests = 10_000;

        /// <summary>The most at a time.</summary>
        public const int MaxConcurrency = 100;

        /// <param name="requests">1 to <see cref="MaxRequests"/>.</param>
        /// <param name="concurrency">1 to <see cref="MaxConcurrency"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">Either is outside its range.</exception>
        public ClosedLoop(int requests, int concurrency)
        {
            RequireRange(requests, 1, MaxRequests, nameof(requests));
            RequireRange(concurrency, 1, MaxConcurrency, nameof(concurrency));
            Requests = requests;
            Concurrency = concurrency;
        }

        /// <summary>How many in all.</summary>
        public int Requests { get; }

        /// <summary>How many at a time.</summary>
        public int Concurrency { get; }
    }

    /// <summary>An open loop: so many requests a second, however long each takes, until stopped.</summary>
    public sealed record OpenLoop : LoadPlan
    {
        /// <summary>Requests a second of the demo's usual traffic: few enough that the scan alone makes no errors.</summary>
        public const double DefaultRate = 5;

        /// <summary>The fewest requests a second: one in ten seconds.</summary>
        public const double MinRate = 0.1;

        /// <summary>The most requests a second.</summary>
        public const double MaxRate = 200;

        /// <summary>Requests under way at once; what would exceed it is skipped and counted.</summary>
        public const int MaxInFlight = 2000;

        /// <param name="rate">Requests a second, <see cref="MinRate"/> to <see cref="MaxRate"/>.</param>
        /// <param name="userOf">Whom a request is for, by its number from 1, as the address has it; null for the users in turn.</param>
        /// <exception cref="ArgumentOutOfRangeException">The rate is outside its range.</exception>
        public OpenLoop(double rate, Func<int, string>? userOf = null)
        {
            RequireRange(rate, MinRate, MaxRate, nameof(rate));
            Rate = rate;
            UserOf = userOf ?? InTurn;
        }

        /// <summary>Whom a request is for, by its number from 1.</summary>
        public Func<int, string> UserOf { get; }

        /// <summary>Requests a second.</summary>
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
