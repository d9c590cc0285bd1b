using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Access;

namespace MockSre.Web.Tests.Access;

public class AdminSessionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdminSessions _sessions;

    public AdminSessionsTests() => _sessions = new AdminSessions(_time);

    [Fact]
    public void Open_Twice_GivesIdsThatNobodyCanGuess()
    {
        var (one, other) = (_sessions.Open(), _sessions.Open());

        Assert.NotEqual(one, other);
        Assert.Matches("^[0-9A-F]{64}$", one);
        Assert.True(_sessions.IsOpen(one) && _sessions.IsOpen(other));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000")]
    public void IsOpen_WhatWasNeverOpened_IsNot(string? id) => Assert.False(_sessions.IsOpen(id));

    [Fact]
    public void IsOpen_InOtherLetters_IsNot() => Assert.False(_sessions.IsOpen(_sessions.Open().ToLowerInvariant()));

    [Fact]
    public void IsOpen_UntilItsLifetimeIsOver_IsAndThenIsNot()
    {
        var session = _sessions.Open();

        _time.Advance(AdminSessions.Lifetime - TimeSpan.FromTicks(1));
        Assert.True(_sessions.IsOpen(session));

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_sessions.IsOpen(session));
    }

    [Fact]
    public void Close_One_LeavesTheOthers()
    {
        var (one, other) = (_sessions.Open(), _sessions.Open());

        _sessions.Close(one);
        _sessions.Close(one);
        _sessions.Close(null);

        Assert.Equal((false, true), (_sessions.IsOpen(one), _sessions.IsOpen(other)));
    }

    [Fact]
    public void Open_BeyondTheLimit_EndsTheOldestAlone()
    {
        var sessions = Enumerable.Range(0, AdminSessions.Limit + 1).Select(_ => _sessions.Open()).ToList();

        Assert.False(_sessions.IsOpen(sessions[0]));
        Assert.All(sessions.Skip(1), session => Assert.True(_sessions.IsOpen(session)));
    }
}
