namespace MockSre.Domain.Incidents.Planning;

/// <summary>
/// Chance from a seed, the same on every machine and with every runtime: SplitMix64 (https://prng.di.unimi.it/splitmix64.c, public domain),
/// because what <see cref="Random"/> gives for a seed may change with the runtime.
/// </summary>
/// <param name="seed">Where it begins.</param>
internal sealed class SeededDraw(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Chance of its own for one purpose, so that drawing more for one changes nothing for another.</summary>
    public static SeededDraw For(int seed, string purpose)
    {
        // FNV-1a over the purpose: string.GetHashCode differs from process to process.
        var hash = purpose.Aggregate(14695981039346656037UL, (hash, letter) => (hash ^ letter) * 1099511628211UL);
        return new SeededDraw(Mix((ulong)(uint)seed) ^ hash);
    }

    /// <summary>A number of 64 bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>A number from 0 up to, and without, 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 up to, and without, a limit.</summary>
    public int Below(int limit) => (int)(Share() * limit);

    /// <summary>A number of a range.</summary>
    public double Between(double least, double most) => least + (Share() * (most - least));

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> all) => all[Below(all.Count)];

    /// <summary>All of them in another order.</summary>
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
