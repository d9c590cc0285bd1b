namespace MockSre.Domain.Signals;

/// <summary>Event ids, which Sentry writes as 32 lower-case hex digits and takes with dashes and in any case too.</summary>
internal static class EventIds
{
    /// <summary>An id as Sentry writes it, or null for what is none.</summary>
    public static string? Read(string? text) =>
        Guid.TryParseExact(text, "N", out var id) || Guid.TryParseExact(text, "D", out id) ? id.ToString("N") : null;
}
