using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace MockSre.Checks.Faults;

/// <summary>A service that was killed during its first start starts again, with complete databases.</summary>
internal static class KillChecks
{
    private const int Kills = 25;
    private const int AtOnce = 2;
    private const int Seed = 12;

    /// <summary>The time limit from the start after a kill to the first answer.</summary>
    private static readonly TimeSpan ServesWithin = TimeSpan.FromSeconds(15);

    private static readonly ParallelOptions AtOnceOptions = new() { MaxDegreeOfParallelism = AtOnce };

    private static readonly string[] Databases = ["app.db", "incidents.db"];

    public static async Task RunAsync(string service, CheckReport report)
    {
        await StaleLocksAsync(service, report);

        // As many starts are timed at once as run at once later, so that both share the processors alike.
        var firstStarts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => FirstStartAsync(service)));
        var (writes, serves) = (firstStarts.Min(start => start.Writes), firstStarts.Max(start => start.Serves));
        var random = new Random(Seed);
        var moments = Enumerable.Range(0, Kills)
            .Select(kill => writes + ((serves - writes) * ((kill + random.NextDouble()) / Kills)))
            .ToArray();
        random.Shuffle(moments);

        var starts = new List<NextStart>();
        await Parallel.ForEachAsync(moments, AtOnceOptions, async (moment, _) =>
        {
            var next = await KillAndStartAsync(service, moment);
            lock (starts)
            {
                starts.Add(next);
            }
        });
        var failures = starts.Where(start => !start.IsWhole).Select(start => start.ToString()).ToList();
        report.Add(
            $"{Kills} kills of the first start, {writes.TotalSeconds:F1} to {serves.TotalSeconds:F1} s after its beginning",
            $"the next start answers within {ServesWithin.TotalSeconds:F0} s; all {ServiceClient.Users} profiles and the runs are readable",
            failures.Count == 0
                ? $"all did, the slowest after {starts.Max(start => start.Took).TotalSeconds:F1} s"
                : $"{failures.Count} did not: {string.Join("; ", failures)}",
            failures.Count == 0);
    }

    // In the worst case a kill leaves a migration lock behind. Random kills rarely do, so these checks write one.
    private static Task StaleLocksAsync(string service, CheckReport report)
    {
        var cases = Databases.SelectMany(database => new[] { (database, "after a start", true), (database, "before any table", false) });
        return Parallel.ForEachAsync(cases, AtOnceOptions, async (stale, _) => await StaleLockAsync(service, stale, report));
    }

    private static async Task StaleLockAsync(string service, (string Database, string When, bool Started) stale, CheckReport report)
    {
        var directory = Directory.CreateTempSubdirectory("mocksre-checks-");
        try
        {
            if (stale.Started)
            {
                await using var server = await ServerProcess.StartServiceAsync(service, Setup(directory));
            }

            await LeaveLockAsync(Path.Combine(directory.FullName, stale.Database));
            var next = await StartAgainAsync(service, directory, "a stale lock");
            report.Add(
                $"a stale migration lock in {stale.Database}, left {stale.When}",
                $"answers within {ServesWithin.TotalSeconds:F0} s; all {ServiceClient.Users} profiles and the runs are readable",
                $"{next}",
                next.IsWhole);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task LeaveLockAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            CREATE TABLE IF NOT EXISTS "__EFMigrationsLock"
                ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-27 10:28:53');
            """;
        await command.ExecuteNonQueryAsync();
    }

    // A kill before the first write leaves nothing behind, so the time until then is measured too.
    private static async Task<(TimeSpan Writes, TimeSpan Serves)> FirstStartAsync(string service)
    {
        var directory = Directory.CreateTempSubdirectory("mocksre-checks-");
        try
        {
            var start = Stopwatch.GetTimestamp();
            await using var server = ServerProcess.LaunchService(service, Setup(directory));
            var serves = server.ServesAsync(ServesWithin);
            while (!File.Exists(server.DatabaseFile) && !serves.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }

            var writes = Stopwatch.GetElapsedTime(start);
            return await serves
                ? (writes, Stopwatch.GetElapsedTime(start))
                : throw new InvalidOperationException($"The service did not start.\n{server.LastLines}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<NextStart> KillAndStartAsync(string service, TimeSpan moment)
    {
        var directory = Directory.CreateTempSubdirectory("mocksre-checks-");
        try
        {
            await using (var server = ServerProcess.LaunchService(service, Setup(directory)))
            {
                await Task.Delay(moment, TimeProvider.System);
                await server.KillAsync();
            }

            return await StartAgainAsync(service, directory, $"killed after {moment.TotalSeconds:F2} s");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<NextStart> StartAgainAsync(string service, DirectoryInfo directory, string after)
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = ServerProcess.LaunchService(service, Setup(directory));
        if (!await server.ServesAsync(ServesWithin))
        {
            var silence = $"no answer: the service {(server.IsRunning ? "hangs" : "ended")}: {server.LastLines.ReplaceLineEndings(" ")}";
            await server.KillAsync();
            return new NextStart(after, Stopwatch.GetElapsedTime(start), silence, Profiles: 0, RunsReadable: false);
        }

        using var client = new FaultClient(server.Address);
        var health = await client.TryGetAsync("/health");
        var took = Stopwatch.GetElapsedTime(start);
        var profiles = await client.CountProfilesAsync();
        var next = new NextStart(after, took, health, profiles, (await client.GetAsync("/api/incidents")).Status == 200);

        // A kill is quicker than a stop, and there is no data to lose.
        await server.KillAsync();
        return next;
    }

    private static ServerSetup Setup(DirectoryInfo directory) => new() { Directory = directory };

    private sealed record NextStart(string After, TimeSpan Took, string Health, int Profiles, bool RunsReadable)
    {
        public bool IsWhole => Health == "200" && Took < ServesWithin && Profiles == ServiceClient.Users && RunsReadable;

        public override string ToString() =>
            $"{After}: /health {Health} after {Took.TotalSeconds:F1} s, {Profiles} profiles, runs {(RunsReadable ? "" : "not ")}readable";
    }
}
