using MockSre.Domain.Faults;
using MockSre.Domain.Settings;
using static MockSre.Domain.Fixtures.FixtureException;

namespace MockSre.Domain.Fixtures;

/// <param name="Json">The bytes on disk.</param>
public sealed record Fixture<T>(byte[] Json, T Value);

/// <summary>Reads and checks the fixture files of a directory, every time anew.</summary>
public sealed class FixtureReader(string directory)
{
    public const string CommitsFile = "recent_commits.json";
    public const string ConfigFile = "config_snapshot.json";
    public const int MaxFileBytes = 1024 * 1024;

    private const int ShaLength = 7;

    /// <summary>A member that is unknown, missing or there twice is an error.</summary>
    internal static JsonSerializerOptions Strict { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new UtcTimeConverter() },
    };

    /// <summary>Reads the commits, newest first.</summary>
    /// <exception cref="FixtureException">The file is missing, too large or not valid.</exception>
    public Fixture<IReadOnlyList<DeployCommit>> ReadCommits()
    {
        var fixture = Read<IReadOnlyList<DeployCommit>>(directory, CommitsFile, Strict);
        var commits = fixture.Value;
        Require(CommitsFile, commits.Count > 0, "has no commits");
        for (var i = 0; i < commits.Count; i++)
        {
            CheckCommit(commits[i], i == 0 ? null : commits[i - 1], $"commit {i + 1}: ");
        }

        Require(CommitsFile, commits.DistinctBy(commit => commit.Sha).Count() == commits.Count, "has the same sha twice");
        return fixture;
    }

    /// <exception cref="FixtureException">The file is missing, too large or not valid.</exception>
    public Fixture<ConfigSnapshot> ReadConfig()
    {
        var fixture = Read<ConfigSnapshot>(directory, ConfigFile, Strict);
        var config = fixture.Value;
        Require(ConfigFile, config.CapturedAt.Offset == TimeSpan.Zero, "captured_at must be UTC");
        Require(ConfigFile, Modes.Find(config.FailureMode) is not null, $"failure_mode must be one of {string.Join(", ", Modes.Names)}");
        Require(ConfigFile, config.Env is "local" or "demo", "env must be local or demo");
        Require(ConfigFile, DatabaseUrl.TryParse(config.DatabaseUrl, out _), $"database_url must be {DatabaseUrl.Forms}");
        RequireRange("db_pool_limit", config.DbPoolLimit, 1, ServiceSettings.MaxPoolLimit);
        RequireRange("db_pool_timeout_ms", config.DbPoolTimeoutMs, 1, ServiceSettings.MaxPoolTimeoutMs);
        RequireRange("sentry_traces_sample_rate", config.SentryTracesSampleRate, 0, 1);
        return fixture;

        static void RequireRange(string name, double value, int least, int most) =>
            Require(ConfigFile, value >= least && value <= most, $"{name} must be from {least} to {most}");
    }

    private static void CheckCommit(DeployCommit? commit, DeployCommit? newer, string at)
    {
        // JsonSerializerOptions.Strict refuses null, but not inside a list.
        Require(CommitsFile, commit is not null, at + "is null");
        var isSha = commit.Sha.Length == ShaLength && commit.Sha.All(char.IsAsciiHexDigitLower);
        Require(CommitsFile, isSha, $"{at}sha must be {ShaLength} lower-case hexadecimal digits");
        Require(CommitsFile, commit.Timestamp.Offset == TimeSpan.Zero, at + "timestamp must be UTC");
        Require(CommitsFile, !(newer?.Timestamp < commit.Timestamp), at + "is newer than the commit before it; newest first");
        Require(CommitsFile, !string.IsNullOrWhiteSpace(commit.Author), at + "author is empty");
        Require(CommitsFile, !string.IsNullOrWhiteSpace(commit.Message), at + "message is empty");
        var arePaths = commit.FilesChanged.Count > 0 && commit.FilesChanged.All(IsRepositoryPath);
        Require(CommitsFile, arePaths, at + "files_changed must be paths from the repository root");
        string[] kinds = [.. commit.FilesAdded ?? [], .. commit.FilesDeleted ?? []];
        var areChanged = kinds.Distinct().Count() == kinds.Length && kinds.All(commit.FilesChanged.Contains);
        Require(CommitsFile, areChanged, at + "files_added and files_deleted must be paths of files_changed, each only once");
    }

    private static bool IsRepositoryPath(string? path) =>
        !string.IsNullOrEmpty(path) && !path.StartsWith('/') && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Split('/').Contains("..");

    /// <summary>Reads the JSON of a file that people write.</summary>
    /// <exception cref="FixtureException">The file is missing, too large or not the expected JSON.</exception>
    internal static Fixture<T> Read<T>(string directory, string file, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            var info = new FileInfo(Path.Combine(directory, file));
            Require(file, info.Exists, "is missing");
            Require(file, info.Length <= MaxFileBytes, $"is larger than {MaxFileBytes} bytes");
            var json = File.ReadAllBytes(info.FullName);
            return new Fixture<T>(json, JsonSerializer.Deserialize<T>(json, options) ?? throw new FixtureException(file, "is null"));
        }
        catch (JsonException e)
        {
            throw new FixtureException(file, $"is not the expected JSON at {e.Path ?? "$"}, line {e.LineNumber + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The message of the exception has a path of this machine.
            throw new FixtureException(file, "cannot be read");
        }
    }
}
