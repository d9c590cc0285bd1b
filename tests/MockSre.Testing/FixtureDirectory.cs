using MockSre.Domain.Fixtures;

namespace MockSre.Testing;

/// <summary>A directory of fixture files that a test writes.</summary>
public sealed class FixtureDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-fixtures-");

    public string FullName => _directory.FullName;

    public FixtureReader Reader => new(_directory.FullName);

    public void Write(string file, string content) => File.WriteAllText(Path.Combine(_directory.FullName, file), content);

    public void Dispose() => _directory.Delete(recursive: true);
}
