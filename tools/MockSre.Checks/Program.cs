using MockSre.Checks.Blind;
using MockSre.Checks.Faults;

namespace MockSre.Checks;

/// <summary>The program behind the targets <c>make check-*</c> and <c>make bench</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["modes", .. var options] when FindService(options) is { } service => await ModeChecks.RunAsync(service),
        ["investigate", .. var options] when FindService(options) is { } service => await InvestigationCheck.RunAsync(service),
        ["blind", .. var options] when FindService(options) is { } service => await BlindCheck.RunAsync(service),
        ["openapi", .. var options] when FindService(options) is { } service => await OpenApiCheck.RunAsync(service),
        ["faults", "--only", var only, .. var options] when FaultChecks.Names.Contains(only) && FindService(options) is { } service =>
            await FaultChecks.RunAsync(service, only),
        ["faults", .. var options] when FindService(options) is { } service => await FaultChecks.RunAsync(service, only: null),
        ["bench", .. var options] when FindService(options) is { } service => await Benchmark.RunAsync(service),
        [BareHost.Command, var database, .. var options] => await BareHost.RunAsync(database, options),
        _ => Refuse(),
    };

    // The service's own build lies beside this program, with its settings and fixtures.
    private static string? FindService(string[] options) => options switch
    {
        [] => Path.Combine(AppContext.BaseDirectory, "MockSre.Web.dll"),
        ["--service", var path] => Path.GetFullPath(path),
        _ => null,
    };

    private static int Refuse()
    {
        Console.Error.WriteLine("Usage: MockSre.Checks modes|investigate|blind|openapi|faults|bench [--service PATH_OF_MockSre.Web.dll]");
        Console.Error.WriteLine($"       MockSre.Checks faults --only {string.Join('|', FaultChecks.Names)} [--service PATH_OF_MockSre.Web.dll]");
        return 2;
    }
}
