using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MockSre.Checks.Blind;

/// <summary>Plays every scenario blind. Searches everything that a client without the admin token can read for the answer.</summary>
/// <remarks>The scenarios run at the same time, each in its own process.</remarks>
internal static class BlindCheck
{
    private const string AdminToken = "check-blind";
    private const int Seed = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string service)
    {
        var start = Stopwatch.GetTimestamp();
        var rules = BlindRules.Read(service);
        var report = new CheckReport();
        var scenarios = Scenarios(service).ToList();
        Console.Error.WriteLine($"playing {scenarios.Count} scenarios blind, which takes about five minutes ...");
        var findings = await Task.WhenAll(scenarios.Select(scenario => PlayAsync(service, scenario, rules)));
        foreach (var found in findings)
        {
            report.Add(found.Scenario, "investigated, no leaks", found.ToString(), found.IsClean);
        }

        var unused = rules.Allowed.Except(findings.SelectMany(found => found.Seen)).ToList();
        report.Add(
            "allowed fields",
            "each was seen in a run",
            unused.Count == 0 ? "all" : $"never seen: {string.Join(", ", unused)}",
            unused.Count == 0);
        var code = report.Print();
        foreach (var leak in findings.SelectMany(found => found.Leaks).Distinct().Order(StringComparer.Ordinal))
        {
            Console.WriteLine(leak);
        }

        Console.WriteLine($"in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return code;
    }

    private static IEnumerable<string> Scenarios(string service)
    {
        var directory = Path.Combine(Path.GetDirectoryName(service)!, "fixtures", "scenarios");
        return Directory.GetFiles(Path.Combine(directory, "keys"), "*.json")
            .Concat(Directory.GetFiles(Path.Combine(directory, "drawn"), "*.json"))
            .Select(file => Path.GetFileNameWithoutExtension(file));
    }

    private static async Task<BlindFindings> PlayAsync(string service, string scenario, BlindRules rules)
    {
        await using var server = await ServerProcess.StartServiceAsync(service, ("ADMIN_TOKEN", AdminToken));
        using var admin = new HttpClient { BaseAddress = server.Address };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);

        // These labelled signals from before the run must not be visible in it.
        using var mode = await admin.PostAsync("/admin/failure-mode/combined", null);
        for (var user = 1; user <= 3; user++)
        {
            using var profile = await admin.GetAsync($"/api/users/profile/{user}");
        }

        using var started = await admin.PostAsJsonAsync("/admin/incidents", new { scenario, seed = Seed, blind = true });
        var id = (await started.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var stranger = new Stranger(server.Address, id, rules);
        await stranger.ActTooEarlyAsync();
        while (await StateAsync() is "armed" or "injected" or "witnessed")
        {
            await stranger.LookAsync();
            await Task.Delay(Pause, TimeProvider.System);
        }

        await stranger.ActAsync();
        await Task.Delay(Pause, TimeProvider.System);
        await stranger.LookAsync(rereads: true);
        var state = await StateAsync();
        return new BlindFindings(scenario, state, stranger.Answers, stranger.Leaks, stranger.Seen);

        async Task<string> StateAsync()
        {
            var run = await admin.GetFromJsonAsync<JsonElement>($"/admin/incidents/{id}");
            return run.GetProperty("state").GetString()!;
        }
    }
}

/// <param name="State">The state of the run at the end.</param>
/// <param name="Answers">The number of HTTP answers.</param>
/// <param name="Leaks">Texts that give away the answer, and unexpected fields, headers and statuses.</param>
/// <param name="Seen">All fields and headers of the answers.</param>
internal sealed record BlindFindings(
    string Scenario, string State, int Answers, IReadOnlyCollection<string> Leaks, IReadOnlyCollection<string> Seen)
{
    public bool IsClean => State is "investigating" or "recovered" && Leaks.Count == 0;

    public override string ToString() => $"{State}, {Answers} answers, {Seen.Count} fields and headers, {Leaks.Count} leaks";
}
