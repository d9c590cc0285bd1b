using MockSre.Checks;

return args switch
{
    ["modes", .. var options] when FindService(options) is { } service => await ModeChecks.RunAsync(service),
    ["bench", .. var options] when FindService(options) is { } service => await Benchmark.RunAsync(service),
    [BareHost.Command, var database, .. var options] => await BareHost.RunAsync(database, options),
    _ => Refuse(),
};

// The service's own build lies beside this program, with its settings and fixtures.
static string? FindService(string[] options) => options switch
{
    [] => Path.Combine(AppContext.BaseDirectory, "MockSre.Web.dll"),
    ["--service", var path] => Path.GetFullPath(path),
    _ => null,
};

static int Refuse()
{
    Console.Error.WriteLine("Usage: MockSre.Checks modes|bench [--service PATH_OF_MockSre.Web.dll]");
    return 2;
}
