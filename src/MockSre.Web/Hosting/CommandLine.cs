namespace MockSre.Web.Hosting;

/// <summary>What the program is asked to do.</summary>
internal enum Command
{
    /// <summary>Serve until stopped.</summary>
    Serve,

    /// <summary>Create and fill the database, then end.</summary>
    Seed,

    /// <summary>Tell Sentry of the incident's releases, then end.</summary>
    Release,

    /// <summary>Create Sentry's alerts, then end.</summary>
    Alerts,
}

/// <summary>The command line: an optional command, then options for the host, as <c>--name=value</c> or <c>--name value</c>.</summary>
internal static class CommandLine
{
    /// <summary>What is understood, for people.</summary>
    public const string Usage = "MockSre.Web [seed | release | alerts] [--urls http://localhost:8000]";

    private static readonly Dictionary<string, Command> Words = new()
    {
        ["seed"] = Command.Seed,
        ["release"] = Command.Release,
        ["alerts"] = Command.Alerts,
    };

    /// <summary>What is left for the host.</summary>
    public static IEnumerable<string> Options(string[] args) => args is [var word, ..] && Words.ContainsKey(word) ? args.Skip(1) : args;

    /// <summary>Reads it.</summary>
    /// <returns>False where a word is neither a command nor an option, or an option lacks its value.</returns>
    public static bool TryParse(string[] args, out Command command)
    {
        command = args is [var word, ..] ? Words.GetValueOrDefault(word, Command.Serve) : Command.Serve;
        for (var i = command == Command.Serve ? 0 : 1; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !char.IsLetter(name.ElementAtOrDefault(2)))
            {
                return false;
            }

            if (name.Length == args[i].Length && ++i == args.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says how to call the program.</summary>
    /// <returns>The exit code: asking for it is no mistake.</returns>
    public static int Explain(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            System.Console.WriteLine($"Usage: {Usage}");
            return 0;
        }

        System.Console.Error.WriteLine($"\"{string.Join(' ', args)}\" is not understood; usage: {Usage}");
        return Startup.Refused;
    }
}
