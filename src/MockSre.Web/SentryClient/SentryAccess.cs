namespace MockSre.Web.SentryClient;

/// <summary>The Sentry project that the commands <c>release</c> and <c>alerts</c> change, and the token for it.</summary>
internal sealed class SentryAccess
{
    /// <summary>The default of <c>SENTRY_URL</c>.</summary>
    public const string DefaultUrl = "https://sentry.io";

    private const int MaxTokenLength = 1000;
    private const int MaxSlugLength = 100;

    /// <summary>The variables that the service itself does not need, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT", "SENTRY_URL"];

    /// <summary>Never shown.</summary>
    public required string Token { get; init; }

    /// <summary>A slug.</summary>
    public required string Organization { get; init; }

    /// <summary>A slug.</summary>
    public required string Project { get; init; }

    /// <summary>Without a slash at the end.</summary>
    public required string Url { get; init; }

    /// <summary><c>ENV</c>, as in the events of the service.</summary>
    public required string Environment { get; init; }

    /// <summary>Whether Sentry runs on this machine.</summary>
    public bool IsLoopback => new Uri(Url).IsLoopback;

    /// <summary>Reads and checks <see cref="Variables"/> and <c>ENV</c>.</summary>
    /// <param name="read">Reads a variable. Null and empty mean that it is not set.</param>
    /// <param name="problems">All problems.</param>
    public static SentryAccess Read(Func<string, string?> read, out IReadOnlyList<SettingProblem> problems)
    {
        var found = new List<SettingProblem>();
        var access = new SentryAccess
        {
            Token = Required(
                "SENTRY_AUTH_TOKEN", IsToken, $"an auth token of Sentry's, up to {MaxTokenLength} visible ASCII characters without spaces",
                _ => null),
            Organization = Required("SENTRY_ORG", IsSlug, "the organization's slug, as it stands in Sentry's addresses: a-z, 0-9, _ and -"),
            Project = Required("SENTRY_PROJECT", IsSlug, "the project's slug, as it stands in Sentry's addresses: a-z, 0-9, _ and -"),
            Url = (Text("SENTRY_URL") ?? DefaultUrl).TrimEnd('/'),
            Environment = ServiceSettings.Read(read, Modes.Names, out var wrong).Environment.Name(),
        };

        if (!IsUrl(access.Url))
        {
            found.Add(new SettingProblem(
                "SENTRY_URL", Redact(access.Url), "an address such as https://sentry.example, without user, query and fragment"));
        }
        else if (new Uri(access.Url).Scheme != Uri.UriSchemeHttps && !access.IsLoopback)
        {
            found.Add(new SettingProblem(
                "SENTRY_URL", access.Url, "https, because http beyond this machine would show the token to everybody on the way"));
        }

        problems = [.. found, .. wrong.Where(problem => problem.Variable == "ENV")];
        return access;

        string? Text(string variable) => read(variable)?.Trim() is { Length: > 0 } text ? text : null;

        string Required(string variable, Func<string, bool> isValid, string allowed, Func<string, string?>? show = null)
        {
            var text = Text(variable);
            if (text is null || !isValid(text))
            {
                found.Add(new SettingProblem(variable, text is null ? "" : show is null ? text : show(text), allowed));
            }

            return text ?? "";
        }
    }

    private static bool IsToken(string text) => text.Length <= MaxTokenLength && text.All(c => c is > ' ' and <= '~');

    // A slug is part of a path: no character of it may lead to another path.
    private static bool IsSlug(string text) =>
        text.Length <= MaxSlugLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    private static bool IsUrl(string text) =>
        text.IndexOfAny(['@', '?', '#', '\\']) < 0
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.Host.Length > 0;

    // The user part and the query can hold a secret.
    private static string? Redact(string text) => text.IndexOfAny(['@', '?', '#']) < 0 ? text : null;
}
