namespace MockSre.Web.Hosting;

/// <summary>What the program is asked to do.</summary>
internal enum Command
{
    /// <summary>Serve until stopped.</summary>
    Serve,

    /// <summary>Create and fill the database, then end.</summary>
    Seed,
}

/// <summary>The command line: an optional command, then options for the host, as <c>--name=value</c> or <c>--name value</c>.</summary>
internal static class CommandLine
{
    /// <summary>What is understood, for people.</summary>
    public const string Usage = "MockSre.Web [seed] [--urls http://localhost:8000]";

    /// <summary>Reads it.</summary>
    /// <returns>False where a word is neither the command nor an option, or an option lacks its value.</returns>
    public static bool TryParse(string[] args, out Command command)
    {
        command = args is ["seed", ..] ? Command.Seed : Command.Serve;
        for (var i = command == Command.Seed ? 1 : 0; i < args.Length; i++)
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
            Console.WriteLine($"Usage: {Usage}");
            return 0;
        }

        Console.Error.WriteLine($"\"{string.Join(' ', args)}\" is not understood; usage: {Usage}");
        return Startup.Refused;
    }
}
