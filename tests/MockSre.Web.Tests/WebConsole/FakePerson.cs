using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using MockSre.Web.Access;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>The user of a console. A circuit takes the user from the request that opened it.</summary>
internal sealed class FakePerson : AuthenticationStateProvider
{
    private Task<AuthenticationState> _state = Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));

    /// <summary>Signs in with the cookie of a session.</summary>
    public void ComeWith(string session)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("localhost", 8000);
        context.Request.Headers.Cookie = $"mocksre-session-8000={session}";
        SessionCookie.Read(context);
        _state = Task.FromResult(new AuthenticationState(context.User));
    }

    /// <summary>Makes components wait for the user.</summary>
    public void ComeLater(Task<AuthenticationState> state) => _state = state;

    public override Task<AuthenticationState> GetAuthenticationStateAsync() => _state;
}
