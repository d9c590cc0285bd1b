namespace MockSre.Domain.Fixtures;

public sealed class FixtureException(string file, string problem) : Exception($"{file}: {problem}")
{
    internal static void Require(string file, [DoesNotReturnIf(false)] bool condition, string problem)
    {
        if (!condition)
        {
            throw new FixtureException(file, problem);
        }
    }
}
