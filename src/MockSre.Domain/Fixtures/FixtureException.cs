namespace MockSre.Domain.Fixtures;

/// <summary>A fixture file is missing or not what it should be.</summary>
/// <param name="file">The file's name.</param>
/// <param name="problem">What is wrong, for people.</param>
public sealed class FixtureException(string file, string problem) : Exception($"{file}: {problem}");
