using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Settings;
using MockSre.Web.Access;

namespace MockSre.Web.Tests.Access;

public sealed class AdminAccessTests : IDisposable
{
    private const string Token = "correct-horse-battery-staple";

    private readonly AdminSessions _sessions = new(new FakeTimeProvider());
    private AdminAccess? _access;

    public void Dispose() => _access?.Dispose();

    [Theory]
    [InlineData(ServiceEnvironment.Demo, false, AdminDecision.Granted)]
    [InlineData(ServiceEnvironment.Demo, true, AdminDecision.Granted)]
    [InlineData(ServiceEnvironment.Local, false, AdminDecision.Granted)]
    [InlineData(ServiceEnvironment.Local, true, AdminDecision.OnlyInDemo)]
    internal void Decide_NoTokenAskedFor_GoesByTheEnvironmentAlone(ServiceEnvironment environment, bool changes, AdminDecision decision) =>
        Assert.Equal(decision, Create(environment, token: null).Decide(changes, session: null));

    [Theory]
    [InlineData(ServiceEnvironment.Demo, false, AdminDecision.Granted)]
    [InlineData(ServiceEnvironment.Demo, true, AdminDecision.Granted)]
    [InlineData(ServiceEnvironment.Local, false, AdminDecision.Granted)]
    [InlineData(ServiceEnvironment.Local, true, AdminDecision.OnlyInDemo)]
    internal void Decide_WithASession_GoesByTheEnvironmentAlone(ServiceEnvironment environment, bool changes, AdminDecision decision) =>
        Assert.Equal(decision, Create(environment).Decide(changes, _sessions.Open()));

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, "")]
    [InlineData(true, Token)]
    public void Decide_WithoutASession_AsksForTheToken(bool changes, string? session) =>
        Assert.Equal(AdminDecision.TokenMissing, Create().Decide(changes, session));

    [Fact]
    public void SignIn_RightToken_BeginsASessionOfItsOwn()
    {
        var access = Create();

        Assert.Equal(AdminDecision.Granted, access.SignIn(Token, "local", out var session));

        Assert.Equal(AdminDecision.Granted, access.Decide(changes: true, session));
    }

    [Theory]
    [InlineData(null, AdminDecision.TokenMissing)]
    [InlineData("", AdminDecision.TokenWrong)]
    [InlineData("correct-horse-battery-stapl", AdminDecision.TokenWrong)]
    [InlineData("CORRECT-HORSE-BATTERY-STAPLE", AdminDecision.TokenWrong)]
    internal void SignIn_AnythingElse_BeginsNone(string? token, AdminDecision decision)
    {
        Assert.Equal(decision, Create().SignIn(token, "local", out var session));

        Assert.Null(session);
    }

    [Fact]
    public void SignIn_AfterTooManyWrongTokens_IsRefusedToThatClientAlone()
    {
        var access = Create();
        for (var i = 0; i < AdminAccess.WrongTokenLimit; i++)
        {
            Assert.Equal(AdminDecision.TokenWrong, access.SignIn($"guess-{i}", "local", out _));
        }

        Assert.Equal(AdminDecision.TooManyWrongTokens, access.SignIn(Token, "local", out var session));
        Assert.Null(session);
        Assert.Equal(AdminDecision.TooManyWrongTokens, access.Decide(changes: false, Token, "local"));
        Assert.Equal(AdminDecision.Granted, access.SignIn(Token, "192.0.2.1", out _));
    }

    [Fact]
    public void Decide_WithASessionAfterTooManyWrongTokens_StillGrants()
    {
        var access = Create();
        access.SignIn(Token, "local", out var session);
        for (var i = 0; i <= AdminAccess.WrongTokenLimit; i++)
        {
            access.SignIn("guess", "local", out _);
        }

        Assert.Equal(AdminDecision.Granted, access.Decide(changes: true, session));
    }

    private AdminAccess Create(ServiceEnvironment environment = ServiceEnvironment.Demo, string? token = Token) =>
        _access = new AdminAccess(new ServiceSettings { Environment = environment, AdminToken = token }, _sessions);
}
