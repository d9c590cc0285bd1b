namespace MockSre.Domain.Settings;

/// <summary>One setting that keeps the service from starting.</summary>
/// <param name="Variable">The environment variable or option at fault.</param>
/// <param name="Value">What was given, already without secrets; null where even that would give a secret away.</param>
/// <param name="Allowed">What is allowed, as a phrase that follows "allowed:".</param>
public sealed record SettingProblem(string Variable, string? Value, string Allowed)
{
    private const int MaxShownLength = 120;

    /// <summary>The problem as one line: variable, value, what is allowed.</summary>
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

        // One problem is one line, whatever somebody managed to put into a variable.
        var printable = string.Concat(Value.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        var cut = printable.Length > MaxShownLength ? printable[..MaxShownLength] + "…" : printable;
        return $"\"{cut}\" is not valid";
    }
}
