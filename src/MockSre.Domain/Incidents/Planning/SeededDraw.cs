namespace MockSre.Domain.Incidents.Planning;

/// <summary>Random numbers from a seed: SplitMix64 (https://prng.di.unimi.it/splitmix64.c, public domain).</summary>
/// <remarks>The numbers of <see cref="Random"/> may change with the runtime.</remarks>
internal sealed class SeededDraw(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The sequence of one purpose. It does not depend on how many numbers another purpose draws.</summary>
    public static SeededDraw For(int seed, string purpose)
    {
        // FNV-1a, because string.GetHashCode differs from process to process.
        var hash = purpose.Aggregate(14695981039346656037UL, (hash, letter) => (hash ^ letter) * 1099511628211UL);
        return new SeededDraw(Mix((ulong)(uint)seed) ^ hash);
    }

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>At least 0 and below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>At least 0 and below the limit.</summary>
    public int Below(int limit) => (int)(Share() * limit);

    public double Between(double least, double most) => least + (Share() * (most - least));

    public T Of<T>(IReadOnlyList<T> all) => all[Below(all.Count)];

    public List<T> Shuffle<T>(IEnumerable<T> all)
    {
        var shuffled = all.ToList();
        for (var i = shuffled.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
