using MockSre.Domain.Faults;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Settings;

public sealed class ServiceSettingsTests
{
    private const string Dsn = "https://publickey@o1.ingest.example.com/42";

    [Fact]
    public void Read_NothingSet_GivesTheContractsDefaults()
    {
        var settings = ReadWell([]);

        Assert.Null(settings.SentryDsn);
        Assert.Null(settings.SentryRelease);
        Assert.Equal(1, settings.TracesSampleRate);
        Assert.True(settings.SignalInbox);
        Assert.Equal(ServiceEnvironment.Local, settings.Environment);
        Assert.Equal("./app.db", settings.Database.FilePath);
        Assert.False(settings.DisableCache);
        Assert.False(settings.EnableSlowQuery);
        Assert.Equal(20, settings.PoolLimit);
        Assert.False(settings.InjectTimeoutErrors);
        Assert.Null(settings.FailureMode);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.PoolTimeout);
        Assert.Null(settings.AdminToken);
        Assert.Empty(settings.AllowedHosts);
    }

    [Fact]
    public void Read_DefaultsOfTheRecord_AreThoseOfAnEmptyEnvironment() =>
        Assert.Equivalent(new ServiceSettings(), ReadWell([]), strict: true);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Read_EveryVariableEmpty_CountsAsUnset(string empty)
    {
        var settings = ReadWell(ServiceSettings.Variables.ToDictionary(name => name, _ => empty));

        Assert.Equivalent(new ServiceSettings(), settings, strict: true);
    }

    [Fact]
    public void Read_AnyEnvironment_AsksForExactlyTheListedVariablesInTheirOrder()
    {
        var asked = new List<string>();
        ServiceSettings.Read(
            name =>
            {
                asked.Add(name);
                return "\u0001";
            },
            Modes.Names,
            out var problems);

        Assert.Equal(ServiceSettings.Variables.Order(), asked.Order());
        Assert.Superset(
            new HashSet<string>
            {
                "SENTRY_DSN", "ENV", "DATABASE_URL", "DISABLE_CACHE", "ENABLE_SLOW_QUERY", "DB_POOL_LIMIT", "INJECT_TIMEOUT_ERRORS",
                "FAILURE_MODE",
            },
            asked.ToHashSet());
        Assert.Equal(asked, problems.Select(problem => problem.Variable));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("ON", true)]
    [InlineData(" true ", true)]
    [InlineData("false", false)]
    [InlineData("FALSE", false)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Read_Flag_TakesEachForm(string text, bool expected)
    {
        Assert.Equal(expected, ReadWell(new() { ["DISABLE_CACHE"] = text }).DisableCache);
        Assert.Equal(expected, ReadWell(new() { ["ENABLE_SLOW_QUERY"] = text }).EnableSlowQuery);
        Assert.Equal(expected, ReadWell(new() { ["INJECT_TIMEOUT_ERRORS"] = text }).InjectTimeoutErrors);
    }

    [Fact]
    public void Read_SettingsOfIncidents_TakeTheirForms()
    {
        var settings = ReadWell(new()
        {
            ["INCIDENTS_DATABASE_URL"] = "sqlite:////var/runs.db",
            ["ALERT_WEBHOOK_URL"] = "https://host:8443/hook?key=1",
            ["SENTRY_BLIND_DSN"] = "https://key@host/1",
        });

        Assert.Equal(
            ("/var/runs.db", new Uri("https://host:8443/hook?key=1"), new Uri("https://key@host/1")),
            (settings.IncidentsDatabase.FilePath, settings.AlertWebhook, settings.SentryBlindDsn));
    }

    [Theory]
    [InlineData("local", ServiceEnvironment.Local)]
    [InlineData("demo", ServiceEnvironment.Demo)]
    public void Read_Env_TakesBothNames(string text, ServiceEnvironment expected) =>
        Assert.Equal(expected, ReadWell(new() { ["ENV"] = text }).Environment);

    [Theory]
    [InlineData("none")]
    [InlineData("cache_off")]
    [InlineData("slow_query")]
    [InlineData("pool_saturation")]
    [InlineData("combined")]
    public void Read_FailureMode_TakesEachName(string name) =>
        Assert.Equal(name, ReadWell(new() { ["FAILURE_MODE"] = name }).FailureMode);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    [InlineData("007", 7)]
    public void Read_PoolLimit_TakesItsRange(string text, int expected) =>
        Assert.Equal(expected, ReadWell(new() { ["DB_POOL_LIMIT"] = text }).PoolLimit);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("60000", 60_000)]
    public void Read_PoolTimeout_TakesItsRange(string text, int expectedMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), ReadWell(new() { ["DB_POOL_TIMEOUT_MS"] = text }).PoolTimeout);

    [Theory]
    [InlineData(Dsn)]
    [InlineData("http://key@localhost:9000/1")]
    [InlineData("https://key:secret@sentry.example.com/path/7")]
    public void Read_SentryDsn_TakesItsForms(string text) =>
        Assert.Equal(new Uri(text), ReadWell(new() { ["SENTRY_DSN"] = text }).SentryDsn);

    [Theory]
    [InlineData("SENTRY_DSN")]
    [InlineData("SENTRY_BLIND_DSN")]
    public void Read_DsnWithASlashAtTheEnd_IsTheSameWithout(string variable)
    {
        var settings = ReadWell(new() { [variable] = Dsn + "/" });

        Assert.Equal(Dsn, (settings.SentryDsn ?? settings.SentryBlindDsn)!.OriginalString);
    }

    [Theory]
    [InlineData("mocksre@1.2.3+4")]
    [InlineData("a b")]
    public void Read_SentryRelease_KeepsItAsItIs(string text) =>
        Assert.Equal(text, ReadWell(new() { ["SENTRY_RELEASE"] = text }).SentryRelease);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.25", 0.25)]
    [InlineData("1.0", 1)]
    public void Read_SampleRate_TakesItsRange(string text, double expected) =>
        Assert.Equal(expected, ReadWell(new() { ["SENTRY_TRACES_SAMPLE_RATE"] = text }).TracesSampleRate);

    [Theory]
    [InlineData("SENTRY_RELEASE", "a/b")]
    [InlineData("SENTRY_RELEASE", "a\\b")]
    [InlineData("SENTRY_RELEASE", "..")]
    [InlineData("SENTRY_RELEASE", "a\tb")]
    [InlineData("SENTRY_TRACES_SAMPLE_RATE", "1.01")]
    [InlineData("SENTRY_TRACES_SAMPLE_RATE", "-0.1")]
    [InlineData("SENTRY_TRACES_SAMPLE_RATE", "NaN")]
    [InlineData("SENTRY_TRACES_SAMPLE_RATE", "0,5")]
    [InlineData("SENTRY_TRACES_SAMPLE_RATE", "1e-1")]
    [InlineData("SIGNAL_INBOX", "perhaps")]
    public void Read_SignalSettingsOutOfRange_IsAProblem(string variable, string text) =>
        Assert.Equal(variable, Assert.Single(Problems(new() { [variable] = text })).Variable);

    [Fact]
    public void Read_SentryReleaseTooLong_IsAProblem()
    {
        Assert.NotNull(ReadWell(new() { ["SENTRY_RELEASE"] = new string('r', ServiceSettings.MaxReleaseLength) }).SentryRelease);
        Assert.Single(Problems(new() { ["SENTRY_RELEASE"] = new string('r', ServiceSettings.MaxReleaseLength + 1) }));
    }

    [Fact]
    public void Read_AdminToken_KeepsItAsItIs()
    {
        var token = new string('~', ServiceSettings.MaxAdminTokenLength);

        Assert.Equal(token, ReadWell(new() { ["ADMIN_TOKEN"] = token }).AdminToken);
    }

    [Theory]
    [InlineData("demo.example.com", new[] { "demo.example.com" })]
    [InlineData(" a.example , 192.0.2.1,[2001:db8::1],", new[] { "a.example", "192.0.2.1", "[2001:db8::1]" })]
    public void Read_AllowedHosts_SplitsAtCommas(string text, string[] expected) =>
        Assert.Equal(expected, ReadWell(new() { ["ALLOWED_HOSTS"] = text }).AllowedHosts);

    [Theory]
    [InlineData("https://demo.example", "https://demo.example/")]
    [InlineData("http://demo.example:8080/", "http://demo.example:8080/")]
    [InlineData(" https://Demo.Example/mocksre ", "https://demo.example/mocksre/")]
    [InlineData("https://demo.example/a/b/", "https://demo.example/a/b/")]
    [InlineData("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000/")]
    public void Read_PublicUrl_EndsInASlash(string text, string expected) =>
        Assert.Equal(expected, ReadWell(new() { ["PUBLIC_URL"] = text }).PublicUrl!.AbsoluteUri);

    [Theory]
    [InlineData("127.0.0.1", new[] { "127.0.0.1/32" })]
    [InlineData("10.0.0.1/8", new[] { "10.0.0.0/8" })]
    [InlineData(" 10.0.0.0/8 , ::1,2001:db8::/32,", new[] { "10.0.0.0/8", "::1/128", "2001:db8::/32" })]
    public void Read_ForwardedHeaders_AreAddressesAndNetworks(string text, string[] expected) =>
        Assert.Equal(expected, ReadWell(new() { ["FORWARDED_HEADERS"] = text }).Forwarders.Select(forwarder => forwarder.ToString()));

    [Theory]
    [InlineData("ENV", "production", "local or demo")]
    [InlineData("ENV", "DEMO", "local or demo")]
    [InlineData("DATABASE_URL", "sqlite:app.db", "sqlite:///relative.db")]
    [InlineData("DISABLE_CACHE", "maybe", "true or false")]
    [InlineData("ENABLE_SLOW_QUERY", "2", "true or false")]
    [InlineData("INJECT_TIMEOUT_ERRORS", "t", "true or false")]
    [InlineData("DB_POOL_LIMIT", "0", "from 1 to 100")]
    [InlineData("DB_POOL_LIMIT", "101", "from 1 to 100")]
    [InlineData("DB_POOL_LIMIT", "-1", "from 1 to 100")]
    [InlineData("DB_POOL_LIMIT", "2.5", "from 1 to 100")]
    [InlineData("DB_POOL_LIMIT", "1e1", "from 1 to 100")]
    [InlineData("DB_POOL_LIMIT", "99999999999999999999", "from 1 to 100")]
    [InlineData("DB_POOL_TIMEOUT_MS", "0", "from 1 to 60000")]
    [InlineData("DB_POOL_TIMEOUT_MS", "60001", "from 1 to 60000")]
    [InlineData("FAILURE_MODE", "Combined", "none, cache_off, slow_query, pool_saturation, combined")]
    [InlineData("FAILURE_MODE", "4", "none, cache_off, slow_query, pool_saturation, combined")]
    [InlineData("ALLOWED_HOSTS", "*", "without scheme, port or wildcard")]
    [InlineData("ALLOWED_HOSTS", "*.example.com", "without scheme, port or wildcard")]
    [InlineData("ALLOWED_HOSTS", "https://a.example", "without scheme, port or wildcard")]
    [InlineData("ALLOWED_HOSTS", "a.example:8000", "without scheme, port or wildcard")]
    [InlineData("ALLOWED_HOSTS", "a.example b.example", "without scheme, port or wildcard")]
    [InlineData("ALLOWED_HOSTS", "[::1]:8000", "without scheme, port or wildcard")]
    [InlineData("ALLOWED_HOSTS", "[127.0.0.1]", "without scheme, port or wildcard")]
    [InlineData("PUBLIC_URL", "demo.example", "an http or https URL")]
    [InlineData("PUBLIC_URL", "/mocksre/", "an http or https URL")]
    [InlineData("PUBLIC_URL", "ftp://demo.example/", "an http or https URL")]
    [InlineData("PUBLIC_URL", "https://demo.example/?a=b", "without user, query, fragment")]
    [InlineData("PUBLIC_URL", "https://demo.example/?", "without user, query, fragment")]
    [InlineData("PUBLIC_URL", "https://demo.example/#a", "without user, query, fragment")]
    [InlineData("PUBLIC_URL", "https://demo.example//evil.example", "empty path segments")]
    [InlineData("FORWARDED_HEADERS", "demo.example", "addresses or networks")]
    [InlineData("FORWARDED_HEADERS", "10", "addresses or networks")]
    [InlineData("FORWARDED_HEADERS", "10/8", "addresses or networks")]
    [InlineData("FORWARDED_HEADERS", "10.0.0.0/33", "addresses or networks")]
    [InlineData("FORWARDED_HEADERS", "127.0.0.1,*", "addresses or networks")]
    public void Read_BadValue_NamesVariableValueAndWhatIsAllowed(string variable, string value, string allowed)
    {
        var line = Assert.Single(Problems(new() { [variable] = value })).ToString();

        Assert.StartsWith($"{variable}: \"{value}\"", line, StringComparison.Ordinal);
        Assert.Contains(allowed, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SENTRY_DSN", "hunter2")]
    [InlineData("SENTRY_DSN", "https://hunter2@host/project")]
    [InlineData("SENTRY_DSN", "https://hunter2@host/")]
    [InlineData("SENTRY_DSN", "https://hunter2.example.com/1")]
    [InlineData("SENTRY_DSN", "ftp://hunter2@host/1")]
    [InlineData("SENTRY_DSN", "https://:hunter2@host/1")]
    [InlineData("SENTRY_DSN", "https://hunter2@host/1?a=/2")]
    [InlineData("SENTRY_DSN", "https://hunter2@host/1#a/2")]
    [InlineData("SENTRY_BLIND_DSN", "https://hunter2@host/project")]
    [InlineData("PUBLIC_URL", "https://user:hunter2@demo.example/")]
    [InlineData("ALERT_WEBHOOK_URL", "hunter2")]
    [InlineData("ALERT_WEBHOOK_URL", "ftp://hunter2@host/")]
    [InlineData("ALERT_WEBHOOK_URL", "/hooks/hunter2")]
    [InlineData("ADMIN_TOKEN", "hunter2 with spaces")]
    [InlineData("ADMIN_TOKEN", "hunter2\u00e9")]
    [InlineData("DATABASE_URL", "postgresql://app:hunter2@db/app")]
    [InlineData("DATABASE_URL", "mysql://db/app?password=hunter2")]
    [InlineData("DATABASE_URL", "sqlite://app:hunter2@db/app")]
    [InlineData("DATABASE_URL", "Host=db;Password=hunter2")]
    [InlineData("DATABASE_URL", "Password=hunter2;Server=tcp:db,1433")]
    public void Read_BadValueWithASecret_DoesNotShowIt(string variable, string value)
    {
        var line = Assert.Single(Problems(new() { [variable] = value })).ToString();

        Assert.StartsWith($"{variable}: ", line, StringComparison.Ordinal);
        Assert.Contains("; allowed: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AdminTokenTooLong_IsAProblem() =>
        Assert.Single(Problems(new() { ["ADMIN_TOKEN"] = new string('x', ServiceSettings.MaxAdminTokenLength + 1) }));

    [Fact]
    public void Read_TooManyHosts_IsAProblem()
    {
        var tooMany = Enumerable.Repeat("a.example", ServiceSettings.MaxAllowedHosts + 1);

        Assert.Single(Problems(new() { ["ALLOWED_HOSTS"] = string.Join(',', tooMany) }));
    }

    [Fact]
    public void Read_TooManyForwarders_IsAProblem()
    {
        var forwarders = Enumerable.Repeat("10.0.0.1", ServiceSettings.MaxForwarders + 1);

        Assert.Single(Problems(new() { ["FORWARDED_HEADERS"] = string.Join(',', forwarders) }));
    }

    [Fact]
    public void Read_EveryVariableBad_GivesEveryProblemAtOnce()
    {
        var problems = Problems(ServiceSettings.Variables.ToDictionary(name => name, _ => "no/such thing!"));

        Assert.Equal(ServiceSettings.Variables.Order(), problems.Select(problem => problem.Variable).Order());
    }

    [Theory]
    [InlineData("a\nDB_POOL_LIMIT: fine")]
    [InlineData("a\r\u001b[2Jb")]
    [InlineData("a\u0085b\0c\u007f")]
    public void Problem_ControlCharacters_StaysOneLine(string value)
    {
        var line = Assert.Single(Problems(new() { ["ENV"] = value })).ToString();

        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public void Problem_EndlessValue_IsCutShort() =>
        Assert.InRange(Assert.Single(Problems(new() { ["ENV"] = new string('x', 100_000) })).ToString().Length, 1, 300);

    private static ServiceSettings ReadWell(Dictionary<string, string> environment)
    {
        var settings = ServiceSettings.Read(environment.GetValueOrDefault, Modes.Names, out var problems);
        Assert.Empty(problems);
        return settings;
    }

    private static IReadOnlyList<SettingProblem> Problems(Dictionary<string, string> environment)
    {
        ServiceSettings.Read(environment.GetValueOrDefault, Modes.Names, out var problems);
        return problems;
    }
}
