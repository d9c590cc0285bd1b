using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using MockSre.Web.Incidents;

namespace MockSre.Web.Tests.Incidents;

/// <summary>
/// The JSON of evidence is a contract: investigators parse it, answer keys match it, and incident databases store it. These tests read
/// runs that an older build has stored. <see cref="GoldenFile"/> tells how to accept a change.
/// </summary>
public sealed class EvidenceGoldenTests(EvidenceGoldenTests.StoredRuns runs) : IClassFixture<EvidenceGoldenTests.StoredRuns>
{
    private const string Run = "00000000000000a1";
    private const string BlindRun = "00000000000000b2";

    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-03-12T09:13:34.9316146Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("commits", "commits")]
    [InlineData("deploys", "deploys")]
    [InlineData("config", "config")]
    [InlineData("metrics", "metrics")]
    [InlineData("signals", "signals")]
    [InlineData("logs", "logs")]
    [InlineData("logs?limit=2", "logs.page1")]
    [InlineData("logs?limit=2&before=5", "logs.page2")]
    [InlineData("logs?level=error", "logs.level")]
    [InlineData("logs?release=d40f", "logs.release")]
    [InlineData("logs?trace_id=ABD6592F7D55426D826F28E87BD736DB", "logs.trace")]
    public Task Answer_OfEachKind_IsAsItWas(string path, string golden) => Assert.AllAsync(
        [(Run, ""), (BlindRun, ".blind")],
        async ((string Id, string Suffix) run) => GoldenFile.Verify(
            $"{golden}{run.Suffix}.json",
            await runs.Http.GetStringAsync(new Uri($"/api/incidents/{run.Id}/evidence/{path}", UriKind.Relative))));

    [Theory]
    [InlineData(Run, "")]
    [InlineData(BlindRun, ".blind")]
    public async Task Export_OfEvidence_IsAsItWas(string run, string suffix)
    {
        using var zip = new ZipArchive(await runs.Http.GetStreamAsync(new Uri($"/admin/incidents/{run}/export", UriKind.Relative)));

        Assert.All(
            ["commits.json", "deploys.json", "config.json", "figures.json", "diagnoses.json", "logs.jsonl"],
            file => GoldenFile.Verify($"export/{Path.ChangeExtension(file, null)}{suffix}.json", ReadEntry(file)));

        string ReadEntry(string file)
        {
            using var reader = new StreamReader(zip.GetEntry(file)!.Open(), Encoding.UTF8);
            var text = reader.ReadToEnd();
            return file.EndsWith('l') ? $"[{string.Join(',', text.Split('\n', StringSplitOptions.RemoveEmptyEntries))}]" : text;
        }
    }

    [Theory]
    [InlineData(Run, "cited.json")]
    [InlineData(BlindRun, "cited.blind.json")]
    public async Task CitedEvidence_OfEachKind_IsStoredAsItWas(string run, string golden)
    {
        var incident = (await runs.Store.ReadAsync(run))!;
        var evidence = new IncidentEvidence(incident, incident.Closed!.At);

        string[] ids =
        [
            "commit:d40f3b2", "deploy:2", "deploy:7", "config:db_pool_limit", "config:profile_cache_ttl_ms", "metrics:release:d40f3b2",
            "metrics:at:1773306910",
            "signal:issue:MockSre.Domain.Profiles.PoolTimeoutException",
            "signal:event:1ed564620c474626a29a65dd9753dc3d",
            "signal:event:8c64a826abaf4e439c6f8cb913b852c1",
            "log:5",
        ];

        GoldenFile.Verify(golden, JsonSerializer.Serialize(ids.Select(id => evidence.Find(id)), IncidentJson.Options));
    }

    /// <summary>The service reads the JSON of older builds and writes it back unchanged.</summary>
    [Theory]
    [InlineData("cited.json")]
    [InlineData("cited.blind.json")]
    public void CitedEvidence_ReadFromADatabase_IsUnchanged(string golden)
    {
        var cited = JsonSerializer.Deserialize<CitedEvidence[]>(GoldenFile.ReadCompact(golden), IncidentJson.Options);

        Assert.Equal(GoldenFile.ReadCompact(golden), JsonSerializer.Serialize(cited, IncidentJson.Options));
    }

    [Fact]
    public async Task Diagnosis_ReadFromADatabase_IsUnchanged()
    {
        var stored = GoldenFile.Read("events.jsonl").Split('\n')
            .Single(line => line.Contains("\"kind\":\"diagnosis\"", StringComparison.Ordinal));

        var diagnosed = Assert.Single((await runs.Store.ReadAsync(Run))!.Diagnoses);

        Assert.Equal(stored, JsonSerializer.Serialize<IncidentEvent>(diagnosed, IncidentJson.Options));
    }

    /// <summary>A service with the same run stored twice: labelled and blind.</summary>
    public sealed class StoredRuns : IAsyncLifetime
    {
        private readonly MockSreApp _app = MockSreApp.Start();

        internal HttpClient Http { get; private set; } = null!;

        internal IncidentStore Store => _app.Services.GetRequiredService<IncidentStore>();

        public async Task InitializeAsync()
        {
            Http = _app.CreateClient();
            var plan = JsonSerializer.Deserialize<IncidentPlan>(GoldenFile.Read("plan.json"), IncidentJson.Options)!;
            await StoreAsync(Run, plan);
            await StoreAsync(BlindRun, plan with { IsBlind = true });
        }

        public async Task DisposeAsync()
        {
            Http.Dispose();
            await _app.DisposeAsync();
        }

        private async Task StoreAsync(string id, IncidentPlan plan)
        {
            var incident = new IncidentRecord(id, plan, Start, TimeProvider.System);
            IncidentEvent[] events =
            [
                .. GoldenFile.Read("events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonSerializer.Deserialize<IncidentEvent>(line, IncidentJson.Options)!),
            ];
            Array.ForEach(events, incident.Apply);
            await Store.CreateAsync(IncidentHeader.Of(incident, score: null), plan);
            await Store.AppendAsync(id, events);
        }
    }
}
