using Microsoft.AspNetCore.Components.Authorization;
using MockSre.Web.Access;
using MockSre.Web.Incidents;

namespace MockSre.Web.WebConsole;

/// <summary>What the user of this circuit can do. <see cref="AdminAccess"/> decides anew each time.</summary>
internal sealed class ConsoleRights(AdminAccess access, CurrentRun current, AuthenticationStateProvider circuit)
{
    public const string OnlyInDemo = "Read-only. To allow changes, set ENV=demo in .env and restart the service.";

    public const string SignInFirst = "Sign in with the admin token to make changes.";

    private string? _session;

    public bool CanSignIn => access.AsksForToken;

    public bool SignedIn => access.AsksForToken && access.Decide(changes: false, _session) == AdminDecision.Granted;

    /// <summary>Whether the console can show anything. A blind incident run hides it from everyone who has not signed in.</summary>
    public bool MayLook => current.Blind is null || SignedIn;

    /// <summary>Whether the console can show the answers of runs. With an admin token this needs sign-in, as in the API.</summary>
    public bool MaySeeRuns => !CanSignIn || SignedIn;

    /// <summary>Why changes are refused; null if they are allowed.</summary>
    public string? Refusal => access.Decide(changes: true, _session) switch
    {
        AdminDecision.Granted => null,
        AdminDecision.OnlyInDemo => OnlyInDemo,
        _ => SignInFirst,
    };

    /// <summary>Takes over the session of the request that opened the circuit. Call it before anything else.</summary>
    public async Task OpenAsync() => _session = SessionCookie.SessionOf((await circuit.GetAuthenticationStateAsync()).User);
}
