using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using MockSre.Domain.Faults;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Fixtures;

/// <summary>A fixture file that was read and found good.</summary>
/// <param name="Json">Its bytes as they are on disk.</param>
/// <param name="Value">What they mean.</param>
public sealed record Fixture<T>(byte[] Json, T Value);

/// <summary>Reads the incident's fixture files, checking all of each one every time.</summary>
/// <param name="directory">Where they lie.</param>
public sealed class FixtureReader(string directory)
{
    /// <summary>The commits' file.</summary>
    public const string CommitsFile = "recent_commits.json";

    /// <summary>The configuration's file.</summary>
    public const string ConfigFile = "config_snapshot.json";

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    private const int ShaLength = 7;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new UtcTimeConverter() },
    };

    /// <summary>Reads the commits, newest first.</summary>
    /// <exception cref="FixtureException">The file is missing, too large, not JSON of the right shape, or its content makes no sense.</exception>
    public async Task<Fixture<IReadOnlyList<DeployCommit>>> ReadCommitsAsync(CancellationToken cancellationToken)
    {
        var fixture = await ReadAsync<IReadOnlyList<DeployCommit>>(CommitsFile, cancellationToken).ConfigureAwait(false);
        var commits = fixture.Value;
        Require(CommitsFile, commits.Count > 0, "holds no commit");
        for (var i = 0; i < commits.Count; i++)
        {
            var (commit, at) = (commits[i], $"commit {i + 1}");

            // Strict reading refuses null everywhere but inside a list.
            Require(CommitsFile, commit is not null, $"{at}: is null");
            Require(CommitsFile, commit.Sha.Length == ShaLength && commit.Sha.All(char.IsAsciiHexDigitLower), $"{at}: sha must be {ShaLength} lower-case hexadecimal digits");
            Require(CommitsFile, commit.Timestamp.Offset == TimeSpan.Zero, $"{at}: timestamp must be UTC");
            Require(CommitsFile, i == 0 || commits[i - 1].Timestamp >= commit.Timestamp, $"{at}: newer than the one before it; commits stand newest first");
            Require(CommitsFile, !string.IsNullOrWhiteSpace(commit.Author), $"{at}: author is empty");
            Require(CommitsFile, !string.IsNullOrWhiteSpace(commit.Message), $"{at}: message is empty");
            Require(CommitsFile, commit.FilesChanged.Count > 0 && commit.FilesChanged.All(IsRepositoryPath), $"{at}: files_changed must be paths from the repository root");
            string[] kinds = [.. commit.FilesAdded ?? [], .. commit.FilesDeleted ?? []];
            Require(
                CommitsFile,
                kinds.Distinct().Count() == kinds.Length && kinds.All(commit.FilesChanged.Contains),
                $"{at}: files_added and files_deleted must be paths of files_changed, each named once");
        }

        Require(CommitsFile, commits.DistinctBy(commit => commit.Sha).Count() == commits.Count, "names a sha twice");
        return fixture;
    }

    /// <summary>Reads the configuration at the time of the incident.</summary>
    /// <exception cref="FixtureException">The file is missing, too large, not JSON of the right shape, or its content makes no sense.</exception>
    public async Task<Fixture<ConfigSnapshot>> ReadConfigAsync(CancellationToken cancellationToken)
    {
        var fixture = await ReadAsync<ConfigSnapshot>(ConfigFile, cancellationToken).ConfigureAwait(false);
        var config = fixture.Value;
        Require(ConfigFile, config.CapturedAt.Offset == TimeSpan.Zero, "captured_at must be UTC");
        Require(ConfigFile, Modes.Find(config.FailureMode) is not null, $"failure_mode must be one of {string.Join(", ", Modes.Names)}");
        Require(ConfigFile, config.Env is "local" or "demo", "env must be local or demo");
        Require(ConfigFile, DatabaseUrl.TryParse(config.DatabaseUrl, out _), $"database_url must be {DatabaseUrl.Forms}");
        Require(ConfigFile, config.DbPoolLimit is >= 1 and <= ServiceSettings.MaxPoolLimit, $"db_pool_limit must be from 1 to {ServiceSettings.MaxPoolLimit}");
        Require(ConfigFile, config.DbPoolTimeoutMs is >= 1 and <= ServiceSettings.MaxPoolTimeoutMs, $"db_pool_timeout_ms must be from 1 to {ServiceSettings.MaxPoolTimeoutMs}");
        Require(ConfigFile, config.SentryTracesSampleRate is >= 0 and <= 1, "sentry_traces_sample_rate must be from 0 to 1");
        return fixture;
    }

    private static bool IsRepositoryPath(string? path) =>
        !string.IsNullOrEmpty(path) && !path.StartsWith('/') && !path.Contains('\\', StringComparison.Ordinal) && !path.Split('/').Contains("..");

    private static void Require(string file, [DoesNotReturnIf(false)] bool condition, string problem)
    {
        if (!condition)
        {
            throw new FixtureException(file, problem);
        }
    }

    private async Task<Fixture<T>> ReadAsync<T>(string file, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var info = new FileInfo(Path.Combine(directory, file));
            Require(file, info.Exists, "is missing");
            Require(file, info.Length <= MaxFileBytes, $"is larger than {MaxFileBytes} bytes");
            var json = await File.ReadAllBytesAsync(info.FullName, cancellationToken).ConfigureAwait(false);
            var value = JsonSerializer.Deserialize<T>(json, Strict);
            Require(file, value is not null, "is null");
            return new Fixture<T>(json, value!);
        }
        catch (JsonException e)
        {
            throw new FixtureException(file, $"is not the JSON expected at {e.Path ?? "$"}, line {e.LineNumber + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The message of the cause names a path of this machine.
            throw new FixtureException(file, "cannot be read");
        }
    }
}
