using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Reflection;
using MockSre.Web.Http;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Composition;

internal enum Command
{
    /// <summary>Serve until stopped.</summary>
    Serve,

    /// <summary>Create and fill the database, then exit.</summary>
    Seed,

    /// <summary>Send the incident's releases to Sentry, then exit.</summary>
    Release,

    /// <summary>Create alerts in Sentry, then exit.</summary>
    Alerts,
}

/// <summary>A parsed command line: a command with options, or a request for help or an error to print.</summary>
internal sealed class CommandLine
{
    private const string UrlsOption = "--urls";

    private static readonly Option<string> Port = new("--port") { Description = "Serve on http://localhost:PORT.", HelpName = "PORT" };

    private static readonly Option<string> Urls = new(UrlsOption)
    {
        Description = $"Serve on these addresses, separated by semicolons. Default: {ListenAddresses.Default}",
        HelpName = "URLS",
    };

    private static readonly RootCommand Root = CreateRoot();

    private readonly ParseResult? _answer;

    private CommandLine(Command command, IReadOnlyList<string> hostArguments, ParseResult? answer = null)
    {
        Command = command;
        HostArguments = hostArguments;
        _answer = answer;
    }

    public Command Command { get; }

    /// <summary>Arguments for the host's configuration.</summary>
    public IReadOnlyList<string> HostArguments { get; }

    /// <summary>Whether the program only has to print <see cref="Answer"/>.</summary>
    public bool IsAnswered => _answer is not null;

    /// <summary>Parses the arguments of the program. Those of a test host are its whole configuration and are not parsed.</summary>
    public static CommandLine Parse(string[] args) =>
        Assembly.GetEntryAssembly() == typeof(CommandLine).Assembly ? Read(args) : new CommandLine(Command.Serve, args);

    public static CommandLine Read(string[] args)
    {
        // Split the value off, so that suggestions for a mistyped name compare only the name.
        var words = args.SelectMany(arg => arg.StartsWith("--", StringComparison.Ordinal) ? arg.Split('=', 2) : [arg]).ToList();
        var result = Parse(words);
        if (result.UnmatchedTokens.Count > 0)
        {
            // Leave out values of unknown options, which are not mistyped names.
            result = Parse([.. words.Where((word, i) => word.StartsWith('-') || i == 0 || !IsUnknownOption(words[i - 1]))]);
        }

        if (result.Errors.Count > 0 || result.Action != result.CommandResult.Command.Action)
        {
            return new CommandLine(Command.Serve, [], result);
        }

        // The root command, without a word, has the name of the program.
        var command = Enum.TryParse(result.CommandResult.Command.Name, ignoreCase: true, out Command named) ? named : Command.Serve;
        return result.GetValue(Port) is { } port ? new CommandLine(command, [$"{UrlsOption}=http://localhost:{port}"])
            : result.GetValue(Urls) is { } urls ? new CommandLine(command, [$"{UrlsOption}={urls}"])
            : new CommandLine(command, []);

        static ParseResult Parse(IReadOnlyList<string> words) =>
            Root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

        static bool IsUnknownOption(string word) =>
            word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal) && !Root.Options.Any(option => option.Name == word);
    }

    /// <summary>Writes help, or to <paramref name="error"/> the mistake and the valid options.</summary>
    /// <returns>The exit code: 0 for help.</returns>
    public int Answer(TextWriter output, TextWriter error)
    {
        if (_answer!.Errors.Count == 0)
        {
            return _answer.Invoke(new InvocationConfiguration { Output = output, Error = error });
        }

        foreach (var setting in _answer.UnmatchedTokens.Select(SettingNamed).OfType<string>())
        {
            error.WriteLine($"{setting} is a setting, not an option: set it in the environment or in {DotEnvFile.Name}.");
        }

        // A wrong value needs no help text. A wrong word does.
        if (_answer is { UnmatchedTokens.Count: 0, Action: ParseErrorAction mistake })
        {
            mistake.ShowHelp = false;
        }

        return _answer.Invoke(new InvocationConfiguration { Output = error, Error = error });
    }

    private static RootCommand CreateRoot()
    {
        Port.Validators.Add(result =>
        {
            var text = result.Tokens.SingleOrDefault()?.Value;
            if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            {
                result.AddError($"{Port.Name} is a number from 1 to {IPEndPoint.MaxPort}.");
            }
        });

        var root = new RootCommand(
            "Serves MockSre until it is stopped, or runs a command. "
            + $"Settings come from the environment and from {DotEnvFile.Name}: see README.md.")
        {
            Port,
            Urls,
            Named("seed", "Create the tables, fill them with fresh data, and exit."),
            Named("release", "Send the incident's releases, commits and deploys to Sentry, and exit."),
            Named("alerts", "Create alerts on latency and errors in Sentry, and exit."),
        };
        root.Options.Remove(root.Options.Single(option => option is VersionOption));
        root.Directives.Clear();
        root.SetAction(_ => { });
        root.Validators.Add(result =>
        {
            if (result.GetResult(Port) is not null && result.GetResult(Urls) is not null)
            {
                result.AddError($"{Port.Name} and {Urls.Name} exclude each other.");
            }
        });
        return root;
    }

    private static System.CommandLine.Command Named(string name, string description)
    {
        var command = new System.CommandLine.Command(name, description);
        command.SetAction(_ => { });

        // An option before the command belongs to the root command, which would not run.
        command.Validators.Add(result =>
        {
            var ofRoot = (result.Parent as CommandResult)?.Children.OfType<OptionResult>() ?? [];
            foreach (var option in ofRoot.Where(option => !option.Implicit))
            {
                result.AddError($"{name} has no option {option.Option.Name}.");
            }
        });
        return command;
    }

    private static string? SettingNamed(string token)
    {
        var name = token.TrimStart('-').Replace('-', '_');
        return ServiceSettings.Variables
            .Concat(SentryAccess.Variables)
            .FirstOrDefault(variable => variable.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
