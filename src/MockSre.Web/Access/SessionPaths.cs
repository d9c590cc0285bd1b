namespace MockSre.Web.Access;

/// <summary>Addresses for signing in to the console and out of it, below the path base. A link is a path as pages link to it.</summary>
internal static class SessionPaths
{
    /// <summary>The page that asks for the token.</summary>
    public const string Page = "/" + PageLink;

    /// <summary>The sign-in form posts to it.</summary>
    public const string SignIn = "/session/sign-in";

    /// <summary>The sign-out form posts to it.</summary>
    public const string SignOut = "/" + SignOutLink;

    public const string PageLink = "sign-in";

    public const string SignOutLink = "session/sign-out";
}
