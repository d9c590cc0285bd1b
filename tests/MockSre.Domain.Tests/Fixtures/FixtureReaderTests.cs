using System.Text;
using System.Text.Json.Nodes;
using MockSre.Domain.Fixtures;

namespace MockSre.Domain.Tests.Fixtures;

public sealed class FixtureReaderTests : IDisposable
{
    private const string Commits = """
        [
          { "sha": "0000002", "timestamp": "2026-03-12T10:00:02Z", "author": "A <a@example.com>", "message": "Two",
            "files_changed": ["src/b.cs", "c"] },
          { "sha": "000000a", "timestamp": "2026-03-12T10:00:01Z", "author": "A <a@example.com>", "message": "One",
            "files_changed": ["src/a.cs"] }
        ]
        """;

    private const string Config = """
        {
          "captured_at": "2026-03-12T10:00:00Z", "sentry_dsn": "", "env": "demo", "database_url": "sqlite:///./app.db",
          "disable_cache": true, "enable_slow_query": true, "db_pool_limit": 2, "db_pool_timeout_ms": 1000,
          "inject_timeout_errors": false, "failure_mode": "combined",
          "admin_token": "", "allowed_hosts": "", "public_url": "", "forwarded_headers": "",
          "sentry_release": "", "sentry_traces_sample_rate": 1.0, "signal_inbox": true,
          "incidents_database_url": "sqlite://", "alert_webhook_url": "", "sentry_blind_dsn": ""
        }
        """;

    private readonly FixtureDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ReadCommits_AGoodFile_GivesItsBytesAndItsMeaning()
    {
        _directory.Write(FixtureReader.CommitsFile, Commits);

        var fixture = _directory.Reader.ReadCommits();

        Assert.Equal(Commits, Encoding.UTF8.GetString(fixture.Json));
        Assert.Equal(["0000002", "000000a"], fixture.Value.Select(commit => commit.Sha));
        Assert.Equal(["src/b.cs", "c"], fixture.Value[0].FilesChanged);
    }

    [Fact]
    public void ReadCommits_FilesAddedAndDeleted_AreAmongThoseChanged()
    {
        var commits = JsonNode.Parse(Commits)!;
        commits[0]!["files_added"] = new JsonArray("c");
        commits[0]!["files_deleted"] = new JsonArray("src/b.cs");
        _directory.Write(FixtureReader.CommitsFile, commits.ToJsonString());

        var read = _directory.Reader.ReadCommits().Value;

        Assert.Equal(["c"], read[0].FilesAdded);
        Assert.Equal(["src/b.cs"], read[0].FilesDeleted);
        Assert.Equal((null, null), (read[1].FilesAdded, read[1].FilesDeleted));
    }

    [Fact]
    public void ReadConfig_AGoodFile_GivesItsBytesAndItsMeaning()
    {
        _directory.Write(FixtureReader.ConfigFile, Config);

        var fixture = _directory.Reader.ReadConfig();

        Assert.Equal(Config, Encoding.UTF8.GetString(fixture.Json));
        Assert.Equal(("combined", 2, 1000), (fixture.Value.FailureMode, fixture.Value.DbPoolLimit, fixture.Value.DbPoolTimeoutMs));
    }

    [Theory]
    [InlineData("sha", "\"000000g\"", "commit 2: sha")]
    [InlineData("sha", "\"000000A\"", "commit 2: sha")]
    [InlineData("sha", "\"00000a\"", "commit 2: sha")]
    [InlineData("sha", "\"0000002\"", "twice")]
    [InlineData("sha", "null", "$[1].sha")]
    [InlineData("sha", "7", "$[1].sha")]
    [InlineData("timestamp", "\"2026-03-12T11:00:01+01:00\"", "commit 2: timestamp must be UTC")]
    [InlineData("timestamp", "\"yesterday\"", "$[1].timestamp")]
    [InlineData("timestamp", "\"this morning\"", "$[1].timestamp")]
    [InlineData("timestamp", "1773309601", "$[1].timestamp")]
    [InlineData("timestamp", "\"2026-03-12T10:00:03Z\"", "commit 2: is newer than the commit before it")]
    [InlineData("author", "\" \"", "commit 2: author is empty")]
    [InlineData("message", "\"\"", "commit 2: message is empty")]
    [InlineData("message", "null", "$[1].message")]
    [InlineData("files_changed", "[]", "commit 2: files_changed")]
    [InlineData("files_changed", "[\"../secret\"]", "commit 2: files_changed")]
    [InlineData("files_changed", "[\"src/../../secret\"]", "commit 2: files_changed")]
    [InlineData("files_changed", "[\"/etc/passwd\"]", "commit 2: files_changed")]
    [InlineData("files_changed", "[\"src\\\\a.cs\"]", "commit 2: files_changed")]
    [InlineData("files_changed", "[\"\"]", "commit 2: files_changed")]
    [InlineData("files_changed", "[null]", "commit 2: files_changed")]
    [InlineData("files_changed", "null", "$[1].files_changed")]
    [InlineData("files_added", "[\"src/b.cs\"]", "commit 2: files_added and files_deleted")]
    [InlineData("files_added", "[\"src/a.cs\", \"src/a.cs\"]", "commit 2: files_added and files_deleted")]
    [InlineData("files_added", "[null]", "commit 2: files_added and files_deleted")]
    [InlineData("files_deleted", "[\"src/b.cs\"]", "commit 2: files_added and files_deleted")]
    [InlineData("files_deleted", "\"src/a.cs\"", "$[1].files_deleted")]
    [InlineData("branch", "\"main\"", "$[1].branch")]
    public void ReadCommits_ABadField_NamesTheFileAndTheProblem(string field, string value, string problem)
    {
        var commits = JsonNode.Parse(Commits)!;
        commits[1]![field] = JsonNode.Parse(value);

        AssertCommitsRefused(commits.ToJsonString(), problem);
    }

    [Theory]
    [InlineData("sha")]
    [InlineData("timestamp")]
    [InlineData("author")]
    [InlineData("message")]
    [InlineData("files_changed")]
    public void ReadCommits_AFieldMissing_NamesTheFileAndThePlace(string field)
    {
        var commits = JsonNode.Parse(Commits)!;
        commits[1]!.AsObject().Remove(field);

        AssertCommitsRefused(commits.ToJsonString(), "$[1]");
    }

    [Theory]
    [InlineData("", "is not the expected JSON")]
    [InlineData("[", "is not the expected JSON")]
    [InlineData("sha,timestamp", "is not the expected JSON")]
    [InlineData("{}", "is not the expected JSON")]
    [InlineData("null", "is null")]
    [InlineData("[]", "has no commits")]
    [InlineData("[null]", "commit 1: is null")]
    public void ReadCommits_NotAListOfCommits_NamesTheFileAndTheProblem(string content, string problem) =>
        AssertCommitsRefused(content, problem);

    [Fact]
    public void ReadCommits_AFieldTwice_NamesTheFileAndTheProblem() =>
        AssertCommitsRefused(
            Commits.Replace("\"message\": \"One\"", "\"message\": \"One\", \"message\": \"One\"", StringComparison.Ordinal), "line 4");

    [Fact]
    public void ReadCommits_TooLarge_NamesTheFileAndTheLimit() =>
        AssertCommitsRefused(Commits + new string(' ', FixtureReader.MaxFileBytes), "larger than 1048576 bytes");

    [Fact]
    public void ReadCommits_AsLargeAsMayBe_IsRead()
    {
        _directory.Write(FixtureReader.CommitsFile, Commits.PadRight(FixtureReader.MaxFileBytes));

        Assert.Equal(2, _directory.Reader.ReadCommits().Value.Count);
    }

    [Fact]
    public void ReadCommits_Missing_SaysSo() =>
        AssertTells(FixtureReader.CommitsFile, "is missing", RefusedCommits());

    [Fact]
    public void ReadConfig_Missing_SaysSo() =>
        AssertTells(FixtureReader.ConfigFile, "is missing", RefusedConfig());

    [Fact]
    public void ReadCommits_NoSuchDirectory_SaysTheFileIsMissing()
    {
        var reader = new FixtureReader(Path.Combine(_directory.FullName, "no", "such"));

        AssertTells(FixtureReader.CommitsFile, "is missing", Assert.Throws<FixtureException>(() => reader.ReadCommits()));
    }

    [Fact]
    public void ReadCommits_CorrectedSince_ReadsAnew()
    {
        AssertCommitsRefused("[]", "has no commits");

        _directory.Write(FixtureReader.CommitsFile, Commits);

        Assert.Equal(2, _directory.Reader.ReadCommits().Value.Count);
    }

    [Theory]
    [InlineData("captured_at", "\"2026-03-12T11:00:00+01:00\"", "captured_at must be UTC")]
    [InlineData("captured_at", "\"yesterday\"", "$.captured_at")]
    [InlineData("failure_mode", "\"broken\"", "failure_mode must be one of none, cache_off")]
    [InlineData("env", "\"production\"", "env must be local or demo")]
    [InlineData("database_url", "\"postgresql://db/app\"", "database_url must be sqlite:///")]
    [InlineData("sentry_traces_sample_rate", "1.1", "sentry_traces_sample_rate must be from 0 to 1")]
    [InlineData("db_pool_limit", "0", "db_pool_limit must be from 1 to 100")]
    [InlineData("db_pool_limit", "101", "db_pool_limit must be from 1 to 100")]
    [InlineData("db_pool_limit", "\"2\"", "$.db_pool_limit")]
    [InlineData("db_pool_timeout_ms", "0", "db_pool_timeout_ms must be from 1 to 60000")]
    [InlineData("db_pool_timeout_ms", "60001", "db_pool_timeout_ms must be from 1 to 60000")]
    [InlineData("disable_cache", "null", "$.disable_cache")]
    [InlineData("admin_token", "null", "$.admin_token")]
    [InlineData("DB_POOL_LIMIT", "2", "$.DB_POOL_LIMIT")]
    public void ReadConfig_ABadField_NamesTheFileAndTheProblem(string field, string value, string problem)
    {
        var config = JsonNode.Parse(Config)!;
        config[field] = JsonNode.Parse(value);

        AssertConfigRefused(config.ToJsonString(), problem);
    }

    [Fact]
    public void ReadConfig_AnyFieldMissing_NamesTheFileAndTheProblem()
    {
        foreach (var field in JsonNode.Parse(Config)!.AsObject().Select(pair => pair.Key))
        {
            var config = JsonNode.Parse(Config)!.AsObject();
            config.Remove(field);

            AssertConfigRefused(config.ToJsonString(), "is not the expected JSON at $");
        }
    }

    private FixtureException RefusedCommits() => Assert.Throws<FixtureException>(() => _directory.Reader.ReadCommits());

    private FixtureException RefusedConfig() => Assert.Throws<FixtureException>(() => _directory.Reader.ReadConfig());

    private void AssertCommitsRefused(string content, string problem)
    {
        _directory.Write(FixtureReader.CommitsFile, content);
        AssertTells(FixtureReader.CommitsFile, problem, RefusedCommits());
    }

    private void AssertConfigRefused(string content, string problem)
    {
        _directory.Write(FixtureReader.ConfigFile, content);
        AssertTells(FixtureReader.ConfigFile, problem, RefusedConfig());
    }

    private void AssertTells(string file, string problem, FixtureException refusal)
    {
        Assert.StartsWith(file + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_directory.FullName, refusal.Message, StringComparison.Ordinal);
    }
}
