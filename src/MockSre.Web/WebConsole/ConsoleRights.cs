using Microsoft.AspNetCore.Components.Authorization;
using MockSre.Web.Access;
using MockSre.Web.Incidents;

namespace MockSre.Web.WebConsole;

/// <summary>What the person before this console may do, as <see cref="AdminAccess"/> decides it each time it is asked.</summary>
internal sealed class ConsoleRights(AdminAccess access, CurrentRun current, AuthenticationStateProvider circuit)
{
    /// <summary>How to enable changes where the environment forbids them.</summary>
    public const string OnlyInDemo = "Nothing can be changed here: start the service with ENV=demo, in .env or before make run.";

    /// <summary>How to enable changes where a token is asked for.</summary>
    public const string SignInFirst = "Sign in with the admin token to change anything.";

    private string? _session;

    /// <summary>Whether there is anything to sign in to.</summary>
    public bool CanSignIn => access.AsksForToken;

    /// <summary>Whether the person has signed in, and nobody has ended that.</summary>
    public bool SignedIn => access.AsksForToken && access.Decide(changes: false, _session) == AdminDecision.Granted;

    /// <summary>Whether anything may be shown: while a blind incident run is open, only to who has signed in.</summary>
    public bool MayLook => current.Blind is null || SignedIn;

    /// <summary>Whether what runs were about may be shown, as <c>/admin/incidents</c> tells it: where a token is asked for, only to who has signed in.</summary>
    public bool MaySeeRuns => !CanSignIn || SignedIn;

    /// <summary>Why nothing can be changed now; null where it can.</summary>
    public string? Refusal => access.Decide(changes: true, _session) switch
    {
        AdminDecision.Granted => null,
        AdminDecision.OnlyInDemo => OnlyInDemo,
        _ => SignInFirst,
    };

    /// <summary>Takes over the session of the request that opened the circuit; to be called before anything is asked.</summary>
    public async Task OpenAsync() => _session = SessionCookie.SessionOf((await circuit.GetAuthenticationStateAsync()).User);
}
