namespace MockSre.Web.Hosting;

/// <summary>What the program is asked to do.</summary>
internal enum Command
{
    /// <summary>Serve until stopped.</summary>
    Serve,

    /// <summary>Create and fill the database, then end.</summary>
    Seed,
}

/// <summary>The command line: an optional command, then options for the host such as <c>--urls</c>.</summary>
internal static class CommandLine
{
    public static bool TryParse(string[] args, out Command command)
    {
        command = args is ["seed", ..] ? Command.Seed : Command.Serve;
        return args is [] or ["seed", ..] || args[0].StartsWith('-') || args[0].StartsWith('/');
    }

    public static int Refuse(string[] args)
    {
        Console.Error.WriteLine($"\"{args[0]}\" is not a command; allowed: seed, or options such as --urls http://localhost:8000");
        return Startup.Refused;
    }
}
