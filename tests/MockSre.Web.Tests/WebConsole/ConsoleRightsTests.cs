using MockSre.Domain.Settings;
using MockSre.Web.WebConsole;

namespace MockSre.Web.Tests.WebConsole;

public class ConsoleRightsTests : ComponentTest
{
    [Fact]
    public async Task Ask_InDemoWithoutToken_GrantsEverythingAndAsksForNothing()
    {
        await Rights.OpenAsync();

        Assert.Equal((null, false, false), (Rights.Refusal, Rights.CanSignIn, Rights.SignedIn));
    }

    [Fact]
    public async Task Ask_OutsideDemo_SaysHowToEnableChanges()
    {
        Settings = Settings with { Environment = ServiceEnvironment.Local };
        await Rights.OpenAsync();

        Assert.Equal(ConsoleRights.OnlyInDemo, Rights.Refusal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guessed")]
    public async Task Ask_WithoutASessionOfThisService_AsksToSignIn(string? session)
    {
        await ComeAsync(session);

        Assert.Equal((ConsoleRights.SignInFirst, true, false), (Rights.Refusal, Rights.CanSignIn, Rights.SignedIn));
    }

    [Fact]
    public async Task Ask_WithASession_Grants()
    {
        await ComeAsync(Sessions.Open());

        Assert.Equal((null, true, true), (Rights.Refusal, Rights.CanSignIn, Rights.SignedIn));
    }

    [Fact]
    public async Task Ask_WithASessionOutsideDemo_StillChangesNothing()
    {
        Settings = Settings with { Environment = ServiceEnvironment.Local };
        await ComeAsync(Sessions.Open());

        Assert.Equal((ConsoleRights.OnlyInDemo, true), (Rights.Refusal, Rights.SignedIn));
    }

    [Fact]
    public async Task Ask_ASessionThatEndsElsewhere_IsRefusedFromThenOn()
    {
        var session = Sessions.Open();
        await ComeAsync(session);
        Assert.Null(Rights.Refusal);

        Sessions.Close(session);

        Assert.Equal((ConsoleRights.SignInFirst, false), (Rights.Refusal, Rights.SignedIn));
    }

    [Fact]
    public async Task Ask_ASessionThatHasLastedItsTime_IsRefused()
    {
        await ComeAsync(Sessions.Open());

        Time.Advance(Web.Access.AdminSessions.Lifetime);

        Assert.Equal(ConsoleRights.SignInFirst, Rights.Refusal);
    }

    private Task ComeAsync(string? session)
    {
        Settings = Settings with { AdminToken = Token };
        if (session is not null)
        {
            Person.ComeWith(session);
        }

        return Rights.OpenAsync();
    }
}
