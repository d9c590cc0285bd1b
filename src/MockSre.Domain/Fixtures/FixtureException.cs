namespace MockSre.Domain.Fixtures;

public sealed class FixtureException(string file, string problem) : Exception($"{file}: {problem}");
