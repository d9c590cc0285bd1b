using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MockSre.Checks;

/// <summary>Lints the OpenAPI document of the running service.</summary>
internal static class OpenApiCheck
{
    private static readonly string Tools = FindTools(new DirectoryInfo(AppContext.BaseDirectory));

    public static async Task<int> RunAsync(string service)
    {
        var start = Stopwatch.GetTimestamp();
        var directory = Directory.CreateTempSubdirectory("mocksre-openapi-");
        try
        {
            var document = Path.Combine(directory.FullName, "openapi.json");
            await File.WriteAllBytesAsync(document, await ReadAsync(service));
            var report = new CheckReport();
            await report.RunAsync("operations", part => CountAsync(document, part));
            string[] redocly = ["lint", "--config", "redocly.yaml", document];
            await report.RunAsync("Redocly CLI", part => LintAsync(part, "Redocly CLI", "redocly", redocly));
            string[] spectral = ["lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", document];
            await report.RunAsync("Spectral", part => LintAsync(part, "Spectral", "spectral", spectral));
            var code = report.Print();
            Console.WriteLine($"in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
            return code;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<byte[]> ReadAsync(string service)
    {
        await using var server = await ServerProcess.StartServiceAsync(service);
        using var http = new HttpClient { BaseAddress = server.Address };
        return await http.GetByteArrayAsync("/openapi/v1.json");
    }

    // An empty document would pass the linters.
    private static async Task CountAsync(string document, CheckReport report)
    {
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(document));
        var operations = json.RootElement.GetProperty("paths").EnumerateObject().Sum(path => path.Value.EnumerateObject().Count());
        report.Add("operations", "some", operations.ToString(CultureInfo.InvariantCulture), operations > 0);
    }

    private static async Task LintAsync(CheckReport report, string check, string linter, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Tools, "node_modules", ".bin", linter), arguments)
        {
            WorkingDirectory = Tools,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"{await output}{await errors}");
        }

        var isGood = process.ExitCode == 0;
        report.Add(check, "no problem", isGood ? "no problem" : $"exit code {process.ExitCode}, problems above", isGood);
    }

    // Searches upwards from the program's own directory, because the working directory may be any.
    private static string FindTools(DirectoryInfo? directory)
    {
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MockSre.sln")))
        {
            directory = directory.Parent;
        }

        var root = directory?.FullName ?? throw new InvalidOperationException("No MockSre.sln above the checks.");
        return Path.Combine(root, "tools", "openapi");
    }
}
