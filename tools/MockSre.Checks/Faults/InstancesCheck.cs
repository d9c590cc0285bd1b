using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MockSre.Checks.Faults;

/// <summary>A second instance in the same directory shows the open run of the first one correctly and does not change it.</summary>
internal static class InstancesCheck
{
    private const string Scenario = "slow_drift";

    /// <summary>The import needs seconds for another 2,000 rows.</summary>
    private const int SomeRows = 2000;

    private static readonly TimeSpan ImportsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SeedEndsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TrueWithin = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string service, CheckReport report)
    {
        await using var first = await ServerProcess.StartServiceAsync(service);
        using var a = new FaultClient(first.Address);
        var id = await a.BeginAsync(Scenario);
        var imported = await ServiceClient.UntilAsync(
            () => ImportedRows.CountAsync(first.DatabaseFile), count => count >= SomeRows, ImportsWithin);
        report.Add($"{Scenario}: imported rows", $"{SomeRows} or more", $"{imported}", imported >= SomeRows);

        await using var rows = new ImportedRows(first.DatabaseFile);
        await using var second = await ServerProcess.StartServiceAsync(service, Beside(first, "--urls", "http://127.0.0.1:0"));
        using var b = new FaultClient(second.Address);
        await using (var seed = ServerProcess.LaunchService(service, Beside(first, "seed")))
        {
            var exitCode = await seed.EndAsync(SeedEndsWithin);
            report.Add(
                "seed while the run is open",
                "exit code 1 and one line",
                $"exit code {exitCode}: {seed.LastLines}",
                exitCode == 1 && seed.LastLines.Split('\n').Length == 1);
        }

        var (most, lost, counts) = await rows.StopAsync();
        report.Add(
            "imported rows while the second instance starts",
            "their number grows, and none is lost",
            $"up to {most} in {counts} counts, {lost} lost",
            counts > 1 && most > imported && lost == 0);

        // The state of the run changes during the calls, so both are read until they agree.
        var (ours, theirs) = await ServiceClient.UntilAsync(
            async () => (await StateAsync(a), await StateAsync(b)), states => states.Item1 == states.Item2, TrueWithin);
        report.Add("the run's state in the second instance", ours, theirs, theirs == ours);
        await RefusedAsync("closing by the second instance", HttpMethod.Post, $"/api/incidents/{id}/close");
        await RefusedAsync("DELETE by the second instance", HttpMethod.Delete, $"/admin/incidents/{id}");
        ours = await StateAsync(a);
        report.Add("the run after these calls", "open", ours, ours is "armed" or "injected" or "witnessed" or "investigating");

        var deleted = await a.SendAsync(HttpMethod.Delete, $"/admin/incidents/{id}");
        ours = await StateAsync(a);
        theirs = await ServiceClient.UntilAsync(() => StateAsync(b), state => state == ours, TrueWithin);
        report.Add(
            "DELETE by the first instance",
            "200, and both instances show the run as closed",
            $"{deleted.Status}; the first shows {ours}, the second {theirs}",
            deleted.Status == 200 && ours is "invalid" or "abandoned" && theirs == ours);

        async Task<string> StateAsync(FaultClient client) =>
            (await client.GetJsonAsync($"/admin/incidents/{id}")).GetProperty("state").GetString()!;

        async Task RefusedAsync(string what, HttpMethod method, string path)
        {
            var (status, body) = await b.SendAsync(method, path);
            var title = JsonDocument.Parse(body).RootElement is var answer && status >= 400 && answer.TryGetProperty("title", out var text)
                ? text.GetString()
                : null;
            report.Add(what, "409 with a title", $"{status} {title ?? "without a title"}", status == 409 && title is { Length: > 0 });
        }
    }

    private static ServerSetup Beside(ServerProcess first, params string[] arguments) => new()
    {
        Directory = new DirectoryInfo(Path.GetDirectoryName(first.DatabaseFile)!),
        Arguments = arguments,
    };

    /// <summary>Counts the imported rows again and again. The count falls only if a service removes rows.</summary>
    private sealed class ImportedRows : IAsyncDisposable
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

        private readonly CancellationTokenSource _stop = new();
        private readonly Task<(long Most, long Lost, int Counts)> _counting;

        public ImportedRows(string databaseFile) => _counting = CountAsync(databaseFile, _stop.Token);

        public static async Task<long> CountAsync(string databaseFile)
        {
            await using var connection = new SqliteConnection($"Data Source={databaseFile};Mode=ReadOnly;Pooling=False");
            await connection.OpenAsync();
            await using var count = connection.CreateCommand();
            count.CommandText = "SELECT count(*) FROM profile_activity WHERE kind = 'import'";
            return (long)(await count.ExecuteScalarAsync())!;
        }

        public async Task<(long Most, long Lost, int Counts)> StopAsync()
        {
            await _stop.CancelAsync();
            return await _counting;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }

        private static async Task<(long Most, long Lost, int Counts)> CountAsync(string databaseFile, CancellationToken stop)
        {
            var (most, lost, counts, last) = (0L, 0L, 0, 0L);
            while (!stop.IsCancellationRequested)
            {
                var now = await CountAsync(databaseFile);
                (most, lost, counts, last) = (Math.Max(most, now), lost + Math.Max(last - now, 0), counts + 1, now);
                await Task.Delay(Interval, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return (most, lost, counts);
        }
    }
}
