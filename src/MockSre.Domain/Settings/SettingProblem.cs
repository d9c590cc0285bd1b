namespace MockSre.Domain.Settings;

/// <summary>A setting with an invalid value. It stops the start of the service.</summary>
/// <param name="Variable">The environment variable or option.</param>
/// <param name="Value">The invalid value without secrets; empty if not set; null if it must not be shown.</param>
/// <param name="Allowed">The allowed values, as a phrase after "allowed:".</param>
public sealed record SettingProblem(string Variable, string? Value, string Allowed)
{
    private const int MaxShownLength = 120;

    public override string ToString() => $"{Variable}: {Shown()}; allowed: {Allowed}";

    private string Shown()
    {
        if (Value is null)
        {
            return "the value given (not shown) is not valid";
        }

        if (Value.Length == 0)
        {
            return "not set";
        }

        // A problem is one line, so control characters such as line breaks are replaced.
        var printable = string.Concat(Value.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        var cut = printable.Length > MaxShownLength ? printable[..MaxShownLength] + "…" : printable;
        return $"\"{cut}\" is not valid";
    }
}
