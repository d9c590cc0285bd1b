namespace MockSre.Web.WebConsole.Controls;

/// <summary>The heading of a table column.</summary>
/// <param name="IsHidden">Whether only screen readers get it.</param>
public sealed record Heading(string Text, bool IsNumber = false, bool IsHidden = false)
{
    public static implicit operator Heading(string text) => new(text);

    public static Heading Number(string text) => new(text, IsNumber: true);

    public static IEnumerable<Heading> Numbers(params string[] texts) => texts.Select(Number);

    public static Heading Hidden(string text) => new(text, IsHidden: true);
}
