namespace MockSre.Web.Access;

/// <summary>Paths for signing in and out of the console, relative to the path base.</summary>
internal static class SessionPaths
{
    public const string Page = "/" + PageLink;

    public const string SignIn = "/session/sign-in";

    public const string SignOut = "/" + SignOutLink;

    public const string PageLink = "sign-in";

    public const string SignOutLink = "session/sign-out";
}
