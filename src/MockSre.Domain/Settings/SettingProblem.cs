namespace MockSre.Domain.Settings;

/// <summary>A setting with an invalid value. It stops the start of the service.</summary>
/// <param name="Variable">The environment variable or option.</param>
/// <param name="Value">The invalid value without secrets; empty if not set; null if it must not be shown.</param>
/// <param name="Allowed">The allowed values, as a phrase after "allowed:".</param>
public sealed record SettingProblem(string Variable, string? Value, string Allowed)
{
    private const int MaxShownLength = 120;

    public override string ToString() => $"{Variable}: {Shown}; allowed: {Allowed}";

    private string Shown => Value switch
    {
        null => "the value given (not shown) is not valid",
        "" => "not set",
        { Length: > MaxShownLength } => $"\"{Printable(Value[..MaxShownLength])}…\" is not valid",
        _ => $"\"{Printable(Value)}\" is not valid",
    };

    // A problem is one line, so control characters such as line breaks are replaced.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
