namespace MockSre.Domain.Signals;

internal static class EventIds
{
    /// <summary>Reads an event id with or without dashes, in any case.</summary>
    /// <returns>32 lower-case hex digits, as Sentry writes ids; null if the text is not an id.</returns>
    public static string? Read(string? text) =>
        Guid.TryParseExact(text, "N", out var id) || Guid.TryParseExact(text, "D", out id) ? id.ToString("N") : null;
}
