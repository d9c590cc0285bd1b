using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;

namespace MockSre.Checks;

/// <summary>The example investigator plays Incident B over HTTP, blind and in real time, in its own process.</summary>
internal static class InvestigationCheck
{
    private const string AdminToken = "check-investigate";

    /// <summary>The expected number of trivial investigators.</summary>
    private const int Trivial = 7;

    private static readonly string Investigator = Path.Combine(AppContext.BaseDirectory, "MockSre.Investigator.dll");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static async Task<int> RunAsync(string service)
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartServiceAsync(service, ("ADMIN_TOKEN", AdminToken));
        Console.Error.WriteLine("playing Incident B, which takes three to four minutes ...");
        var exitCode = await InvestigateAsync(server.Address);

        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        using var runs = JsonDocument.Parse(await http.GetByteArrayAsync("/api/incidents"));
        var run = runs.RootElement.GetProperty("incidents")[0];
        var total = run.GetProperty("total");
        var beside = run.GetProperty("beside");

        var known = Assembly.LoadFrom(Investigator).GetReferencedAssemblies().Select(reference => reference.Name!).ToList();

        var report = new CheckReport();
        report.Add(
            "references of the investigator",
            "only the .NET runtime",
            string.Join(", ", known),
            known.TrueForAll(name => name.StartsWith("System.", StringComparison.Ordinal)));
        report.Add("the investigator", "exit code 0", $"exit code {exitCode}", exitCode == 0);
        report.Add(
            "the run",
            "closed by the investigator",
            $"{run.GetProperty("state")}, {run.GetProperty("closed")}",
            $"{run.GetProperty("closed")}" == "finished");
        report.Add("mode of the run", "blind", $"blind: {run.GetProperty("blind")}", run.GetProperty("blind").GetBoolean());
        report.Add("the score", "0 to 1", $"{total}", total.ValueKind == JsonValueKind.Number);
        report.Add(
            "trivial investigators",
            $"{Trivial} scores",
            string.Join(", ", beside.EnumerateArray().Select(score => $"{score.GetProperty("name")} {score.GetProperty("total")}")),
            beside.GetArrayLength() >= Trivial);
        var code = report.Print();
        Console.WriteLine($"in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return code;
    }

    // The investigator writes to the output of this program.
    private static async Task<int> InvestigateAsync(Uri address)
    {
        var start = new ProcessStartInfo("dotnet", [Investigator]);
        (string Variable, string Value)[] settings =
        [
            ("URL", address.ToString()),
            ("ADMIN_TOKEN", AdminToken),
            ("SCENARIO", "incident_b"),
            ("SEED", "1"),
            ("BLIND", "1"),
            ("INCIDENT", ""),
        ];
        foreach (var (variable, value) in settings)
        {
            start.Environment[variable] = value;
        }

        using var investigator = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await investigator.WaitForExitAsync(limit.Token);
            return investigator.ExitCode;
        }
        catch (OperationCanceledException)
        {
            investigator.Kill();
            return -1;
        }
    }
}
