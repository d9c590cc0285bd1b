using MockSre.Web.SentryClient;

namespace MockSre.Web.Tests.SentryClient;

public sealed class SentryAccessTests
{
    private static readonly Dictionary<string, string> Usable = new()
    {
        ["SENTRY_AUTH_TOKEN"] = "sntryu_s3cret",
        ["SENTRY_ORG"] = "acme-2",
        ["SENTRY_PROJECT"] = "mock_sre",
    };

    [Fact]
    public void Read_OnlyWhatIsNeeded_IsSentryItselfAndLocal()
    {
        var access = SentryAccess.Read(Usable.GetValueOrDefault, out var problems);

        Assert.Empty(problems);
        Assert.Equal(
            ("sntryu_s3cret", "acme-2", "mock_sre", "https://sentry.io", "local"),
            (access.Token, access.Organization, access.Project, access.Url, access.Environment));
        Assert.False(access.IsLoopback);
    }

    [Theory]
    [InlineData("https://sentry.example/", "https://sentry.example", false)]
    [InlineData("https://sentry.example:9000/sentry", "https://sentry.example:9000/sentry", false)]
    [InlineData("http://localhost:9000", "http://localhost:9000", true)]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000", true)]
    [InlineData("http://[::1]:9000", "http://[::1]:9000", true)]
    [InlineData(" ", "https://sentry.io", false)]
    public void Read_Address_IsTaken(string url, string taken, bool loopback)
    {
        var access = SentryAccess.Read(With("SENTRY_URL", url), out var problems);

        Assert.Empty(problems);
        Assert.Equal((taken, loopback), (access.Url, access.IsLoopback));
    }

    [Theory]
    [InlineData("SENTRY_URL", "sentry.io")]
    [InlineData("SENTRY_URL", "ftp://sentry.io")]
    [InlineData("SENTRY_URL", "https://user:s3cret@sentry.io")]
    [InlineData("SENTRY_URL", "https://sentry.io/?key=s3cret")]
    [InlineData("SENTRY_URL", "https://sentry.io/#s3cret")]
    [InlineData("SENTRY_URL", "https://")]
    [InlineData("SENTRY_URL", "http://sentry.example")]
    [InlineData("SENTRY_URL", "http://localhost.example")]
    [InlineData("SENTRY_URL", "http://192.168.0.1:9000")]
    [InlineData("SENTRY_ORG", "acme/../other")]
    [InlineData("SENTRY_ORG", "Acme")]
    [InlineData("SENTRY_ORG", "")]
    [InlineData("SENTRY_PROJECT", "a?b")]
    [InlineData("SENTRY_PROJECT", " ")]
    [InlineData("SENTRY_AUTH_TOKEN", "s3cret token")]
    [InlineData("SENTRY_AUTH_TOKEN", "s3crët")]
    [InlineData("SENTRY_AUTH_TOKEN", "")]
    [InlineData("ENV", "production")]
    public void Read_Unusable_IsOneProblemWithoutSecrets(string variable, string value)
    {
        SentryAccess.Read(With(variable, value), out var problems);

        var problem = Assert.Single(problems).ToString();
        Assert.StartsWith(variable + ": ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LongSlug_IsOneProblem()
    {
        SentryAccess.Read(With("SENTRY_ORG", new string('a', 100)), out var none);
        SentryAccess.Read(With("SENTRY_ORG", new string('a', 101)), out var problems);

        Assert.Empty(none);
        Assert.Single(problems);
    }

    private static Func<string, string?> With(string variable, string value) =>
        name => name == variable ? value : Usable.GetValueOrDefault(name);
}
