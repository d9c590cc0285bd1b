using System.Text;

namespace MockSre.Web.Tests.Incidents;

/// <summary>
/// A file beside the tests with the exact JSON that the service must send. The file adds only line breaks and indents, for readable
/// diffs. After a mismatch, the message names the file with the new JSON and the command that accepts it.
/// </summary>
internal static class GoldenFile
{
    private const string Folder = "tests/MockSre.Web.Tests/Incidents/Golden";

    public static string PathOf(string name) => Repository.PathOf($"{Folder}/{name}");

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Reads JSON without the line breaks and indents.</summary>
    public static string ReadCompact(string name) => Format(Read(name), indent: false);

    public static void Verify(string name, string json)
    {
        var actual = Format(json, indent: true);
        var golden = PathOf(name);
        if (File.Exists(golden) && File.ReadAllText(golden) == actual)
        {
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, "golden", name);
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, actual);
        Assert.Fail(
            $"""
            {name} differs. Compare the files. Accept the change only if it does not break readers of the JSON:
            diff -u {golden} {received}
            cp {received} {golden}
            """);
    }

    private static string Format(string json, bool indent)
    {
        var text = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case '"':
                    var from = i;
                    for (i++; json[i] != '"'; i++)
                    {
                        i += json[i] == '\\' ? 1 : 0;
                    }

                    text.Append(json, from, i - from + 1);
                    break;
                case ' ' or '\n':
                    break;
                case '{' or '[' when indent && json[i + 1] != json[i] + 2:
                    text.Append(json[i]);
                    Break(++depth);
                    break;
                case '}' or ']' when indent && json[i - 1] != json[i] - 2:
                    Break(--depth);
                    text.Append(json[i]);
                    break;
                case ',' when indent:
                    text.Append(',');
                    Break(depth);
                    break;
                case ':' when indent:
                    text.Append(": ");
                    break;
                default:
                    text.Append(json[i]);
                    break;
            }
        }

        return indent ? text.Append('\n').ToString() : text.ToString();

        void Break(int depth) => text.Append('\n').Append(' ', 2 * depth);
    }
}
