namespace MockSre.Domain.Fixtures;

/// <summary>A fixture file is missing or not valid.</summary>
public sealed class FixtureException(string file, string problem) : Exception($"{file}: {problem}");
