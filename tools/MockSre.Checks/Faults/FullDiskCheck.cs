using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MockSre.Checks.Faults;

/// <summary>A run survives a full disk, loses no evidence, and does not flood the log.</summary>
internal static partial class FullDiskCheck
{
    private const string Required = "REQUIRE_FULL_DISK";
    private const string Token = "check-faults";
    private const int DiskMegabytes = 16;

    /// <summary>In this scenario requests do not fail, so they log no warnings.</summary>
    private const string Scenario = "scan_alone";

    private static readonly TimeSpan FillAfter = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a minute, because the warning is repeated every minute.</summary>
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan KeptWithin = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string service, CheckReport report)
    {
        var (mount, reason) = await Mount.TryCreateAsync(DiskMegabytes);
        if (mount is null)
        {
            if (Environment.GetEnvironmentVariable(Required) == "1")
            {
                report.Add("a full disk", "a small file system can be mounted", reason, ok: false);
            }
            else
            {
                Console.WriteLine($"A full disk was not checked: mounting failed: {reason} ({Required}=1 requires it).");
            }

            return;
        }

        await using var disk = mount;
        await RunAsync(service, disk, report);
    }

    private static async Task RunAsync(string service, Mount disk, CheckReport report)
    {
        var database = $"sqlite:///{disk.PathOf("incidents.db")}";
        var setup = new ServerSetup { Settings = [("ADMIN_TOKEN", Token), ("INCIDENTS_DATABASE_URL", database)] };
        await using var server = await ServerProcess.StartServiceAsync(service, setup);
        var lines = new ConcurrentQueue<string>();
        server.Wrote = lines.Enqueue;
        using var client = new FaultClient(server.Address, Token);
        var id = await client.BeginAsync(Scenario);

        await Task.Delay(FillAfter, TimeProvider.System);
        lines.Clear();
        disk.Fill();
        var fullFrom = TimeProvider.System.GetUtcNow();
        await Task.Delay(FullFor, TimeProvider.System);
        var fullTo = TimeProvider.System.GetUtcNow();
        var whileFull = lines.ToList();
        lines.Clear();
        disk.Free();

        // One line at the start, and one for each full minute.
        var most = 1 + (int)FullFor.TotalMinutes;
        report.Add(
            $"the log while the disk is full for {FullFor.TotalSeconds:F0} s",
            $"1 to {most} warnings or errors, no stack trace",
            $"{whileFull.Count(IsTrouble)} warnings or errors, {whileFull.Count(HasStack)} with a stack trace",
            whileFull.Count(IsTrouble) is var troubles && troubles >= 1 && troubles <= most && !whileFull.Exists(HasStack));

        await Task.Delay(KeptWithin, TimeProvider.System);
        var after = lines.Where(line => line.Contains("Incidents", StringComparison.Ordinal)).ToList();
        report.Add("the log afterwards", $"one line within {KeptWithin.TotalSeconds:F0} s", $"{after.Count} lines", after.Count == 1);

        var state = await client.InvestigableAsync(id);
        var closed = await client.SendAsync(HttpMethod.Post, $"/api/incidents/{id}/close");
        var score = (await client.GetJsonAsync($"/api/incidents/{id}")).GetProperty("score");
        var isScored = score.ValueKind == JsonValueKind.Object;
        report.Add(
            "the run afterwards",
            "can be investigated, and closes with a score",
            $"{state}; closing answered {closed.Status}; {(isScored ? $"score {score.GetProperty("total")}" : "no score")}",
            state is "investigating" or "recovered" && closed.Status == 200 && isScored);

        var before = await RecordedAsync(client, id, fullFrom, fullTo);
        await server.StopAsync();
        await using var again = await ServerProcess.StartServiceAsync(service, setup);
        using var reader = new FaultClient(again.Address, Token);
        var kept = await RecordedAsync(reader, id, fullFrom, fullTo);
        report.Add(
            "the evidence after a restart",
            "complete, with figures from the time of the full disk",
            $"{kept} of {before}",
            kept == before && before.RequestsMeanwhile > 0);
    }

    private static async Task<Recorded> RecordedAsync(FaultClient client, string id, DateTimeOffset from, DateTimeOffset to)
    {
        var times = (await client.GetJsonAsync($"/api/incidents/{id}/evidence/metrics")).GetProperty("by_time").EnumerateArray()
            .Select(time => (From: time.GetProperty("from").GetDateTimeOffset(), Requests: time.GetProperty("requests").GetInt32()))
            .ToList();
        var meanwhile = times.Where(time => time.From >= from && time.From <= to);
        var lines = 0;
        for (var before = ""; before is not null;)
        {
            var page = await client.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=500{before}");
            var logs = page.GetProperty("logs").EnumerateArray().ToList();
            lines += logs.Count;
            before = page.GetProperty("more").GetBoolean() ? "&before=" + logs[^1].GetProperty("id").GetString()!.Split(':')[1] : null;
        }

        return new Recorded(times.Sum(time => time.Requests), meanwhile.Sum(time => time.Requests), lines);
    }

    private static bool HasStack(string line) => line.Contains("   at ", StringComparison.Ordinal);

    private static bool IsTrouble(string line) => LogLine().Match(line).Groups["level"].Value is "warn" or "fail" or "crit";

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\S+Z (?<level>\w+): ")]
    private static partial Regex LogLine();

    private sealed record Recorded(int Requests, int RequestsMeanwhile, int Lines)
    {
        public override string ToString() => $"{Requests} requests ({RequestsMeanwhile} while the disk was full) and {Lines} log lines";
    }
}
