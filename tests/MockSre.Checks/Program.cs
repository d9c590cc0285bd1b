using MockSre.Checks.Blind;

namespace MockSre.Checks;

/// <summary>The program behind <c>make check-modes</c>, <c>make check-investigate</c>, <c>make check-blind</c>, <c>make check-openapi</c> and <c>make bench</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        ["modes", .. var options] when FindService(options) is { } service => await ModeChecks.RunAsync(service),
        ["investigate", .. var options] when FindService(options) is { } service => await InvestigationCheck.RunAsync(service),
        ["blind", .. var options] when FindService(options) is { } service => await BlindCheck.RunAsync(service),
        ["openapi", .. var options] when FindService(options) is { } service => await OpenApiCheck.RunAsync(service),
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
        Console.Error.WriteLine("Usage: MockSre.Checks modes|investigate|blind|openapi|bench [--service PATH_OF_MockSre.Web.dll]");
        return 2;
    }
}
