using System.Text;

namespace MockSre.Domain.Signals;

/// <summary>Reads the name from the SDK's text of a function.</summary>
/// <remarks>
/// The text is <c>async ValueTask&lt;Lease&gt; Pool.AcquireAsync(string owner)</c>: modifiers, result, name and parameters.
/// A local function adds <c>+Local(?)</c>, a lambda adds <c>+() =&gt; { }</c>.
/// </remarks>
internal static class FunctionName
{
    /// <summary>Type and method without type arguments. A lambda has the name of its method.</summary>
    /// <returns>
    /// <c>Pool.AcquireAsync</c>; <c>new Pool</c> for a constructor; <c>Pool.Run.Local</c> for a local function; null without a name.
    /// </returns>
    public static string? Of(string? function)
    {
        var text = function.AsSpan().Trim();
        var (start, end) = FindName(text);
        var name = Plain(text[start..end]);
        if (name.Length == 0)
        {
            return null;
        }

        var before = text[..start].TrimEnd();
        if (before is "new" or "static")
        {
            name = $"{before} {name}";
        }

        var after = text[Math.Min(Close(text, end) + 1, text.Length)..];
        if (after is not ['+', .. var inner])
        {
            return name;
        }

        var parameters = inner.IndexOf('(');
        var local = Plain(parameters < 0 ? inner : inner[..parameters]);
        return local.Length == 0 ? name : $"{name}.{local}";
    }

    // The name is the word before the parameters. A parenthesis at the start of a word begins a tuple, which is the result's type.
    private static (int Start, int End) FindName(ReadOnlySpan<char> text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' when i > start:
                    return (start, i);
                case '(' or '<' or '[':
                    i = Close(text, i);
                    break;
                case ' ':
                    start = i + 1;
                    break;
            }
        }

        return (Math.Min(start, text.Length), text.Length);
    }

    // The index of the matching bracket, or the end of the text.
    private static int Close(ReadOnlySpan<char> text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' or '<' or '[' => 1,
                ')' or '>' or ']' => -1,
                _ => 0,
            };
            if (depth <= 0)
            {
                return i;
            }
        }

        return text.Length;
    }

    private static string Plain(ReadOnlySpan<char> name)
    {
        var plain = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '.' or '+':
                    if (plain.Length > 0 && plain[^1] != '.')
                    {
                        plain.Append('.');
                    }

                    break;

                // A compiler-generated name such as <Main>$: only the part in brackets is kept.
                case '<' when plain.Length == 0 || plain[^1] == '.':
                    var close = Math.Min(Close(name, i), name.Length);
                    plain.Append(name[(i + 1)..close]);
                    var next = name[close..].IndexOf('.');
                    i = next < 0 ? name.Length : close + next - 1;
                    break;
                case '<' or '[' or '(':
                    i = Close(name, i);
                    break;
                case '`':
                    while (i + 1 < name.Length && char.IsAsciiDigit(name[i + 1]))
                    {
                        i++;
                    }

                    break;
                default:
                    plain.Append(name[i]);
                    break;
            }
        }

        return plain.ToString().TrimEnd('.');
    }
}
