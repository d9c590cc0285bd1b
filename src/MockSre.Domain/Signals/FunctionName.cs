using System.Text;

namespace MockSre.Domain.Signals;

/// <summary>
/// Finds the name in the text that the SDK writes for a function, such as <c>async ValueTask&lt;Lease&gt; Pool.AcquireAsync(string owner)</c>:
/// modifiers, type of the result, name, parameters, and for what stands inside a method <c>+Local(?)</c> or <c>+() =&gt; { }</c>.
/// </summary>
internal static class FunctionName
{
    /// <summary>
    /// Type and method without type arguments, such as <c>Pool.AcquireAsync</c>; <c>new Pool</c> for a constructor, <c>Pool.Run.Local</c> for a
    /// local function, and for a lambda the method it stands in. Null if there is no name.
    /// </summary>
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

    // The name is the word that parentheses follow; those that begin a word are a tuple, the type of the result.
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

    // Where the bracket that opens here closes, or the end of the text.
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

                // A name that the compiler made from a method's, such as <Main>$: the rest of the word is its own.
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
