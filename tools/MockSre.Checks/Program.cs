using System.CommandLine;
using MockSre.Checks.Blind;
using MockSre.Checks.Faults;

namespace MockSre.Checks;

/// <summary>The program of <c>make check-*</c> and <c>make bench</c>.</summary>
internal static class Program
{
    // By default, the build of the service beside this program, with its settings and fixtures.
    private static readonly Option<FileInfo> Service = new("--service")
    {
        Description = "The MockSre.Web.dll to start.",
        HelpName = "PATH",
        Recursive = true,
        DefaultValueFactory = _ => new FileInfo(Path.Combine(AppContext.BaseDirectory, "MockSre.Web.dll")),
    };

    private static readonly Option<string> Only = new("--only") { Description = "Check one part.", HelpName = "PART" };

    private static async Task<int> Main(string[] args)
    {
        Only.AcceptOnlyFromAmong([.. FaultChecks.Names]);
        var faults = new Command("faults", "Check that the service survives kills, a full disk, floods and a second instance.") { Only };
        faults.SetAction(parsed => FaultChecks.RunAsync(PathOf(parsed), parsed.GetValue(Only)));
        var root = new RootCommand("Checks the service over HTTP, in real time.")
        {
            Service,
            Check("modes", "Assert what each mode must show.", ModeChecks.RunAsync),
            Check("investigate", "Have the example investigator play Incident B blind.", InvestigationCheck.RunAsync),
            Check("blind", "Play every scenario blind and search all answers for leaks.", BlindCheck.RunAsync),
            Check("openapi", "Lint the OpenAPI document.", OpenApiCheck.RunAsync),
            faults,
            Check("bench", "Measure the service against a bare host.", Benchmark.RunAsync),
            BareHost.CreateCommand(),
        };
        return await root.Parse(args).InvokeAsync();
    }

    private static Command Check(string name, string description, Func<string, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction(parsed => run(PathOf(parsed)));
        return command;
    }

    private static string PathOf(ParseResult parsed) => parsed.GetRequiredValue(Service).FullName;
}
