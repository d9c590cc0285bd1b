using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Incidents;
using MockSre.Web.Signals;

namespace MockSre.Web.Incidents;

/// <summary>Everything that is kept of a closed run, as files that others can read without this service.</summary>
internal static class IncidentExport
{
    public const string ContentType = "application/zip";

    private const string Manifest = "manifest.json";
    private const string Manual = "README.md";

    private static readonly JsonSerializerOptions Indented = new(IncidentJson.Options) { WriteIndented = true };

    /// <summary>Writes the zip.</summary>
    /// <param name="file">A run that is closed.</param>
    /// <param name="output">Where to; written once, from front to back.</param>
    public static async Task WriteAsync(IncidentFile file, Stream output)
    {
        var (dossier, score) = file;
        var evidence = new Evidence(dossier, dossier.Closed!.At);
        var hashes = new List<FileHash>();
        await using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        await AddAsync("incident.json", Json(IncidentHeader.Of(dossier, score)));
        await AddAsync("plan.json", Json(dossier.Plan));
        await AddAsync("states.json", Json(dossier.States));
        await AddAsync("alert.json", Json(dossier.Alert));
        await AddAsync("commits.json", Json(Facts(evidence.Commits())));
        await AddAsync("deploys.json", Json(Facts(evidence.Deploys())));
        await AddAsync("config.json", Json(Facts(evidence.Config())));
        await AddAsync("figures.json", Json(new { by_release = Facts(evidence.MetricsByRelease()), by_time = Facts(evidence.MetricsByTime()), seconds = dossier.Seconds }));
        await AddAsync("logs.jsonl", Encoding.UTF8.GetBytes(string.Concat(evidence.Log().Reverse().Select(line => line.Facts.ToJsonString() + "\n"))));
        await AddAsync("signals.envelopes", Envelopes(dossier));
        await AddAsync("actions.json", Json(dossier.Actions));
        await AddAsync("diagnoses.json", Json(dossier.Diagnoses));
        await AddAsync("score.json", Json(score));
        await AddAsync(Manual, Encoding.UTF8.GetBytes(
            $"""
            # Incident run {dossier.Id}

            {dossier.Plan.Title}, seed {dossier.Plan.Seed}, pace {IncidentWords.Of(dossier.Plan.Pace)}, begun {dossier.StartedAt:u}.
            `{Manifest}` has the SHA-256 of every other file. `plan.json` holds the answer. `signals.envelopes` can be posted to any Sentry, one by one.
            Not kept any more when this was written: {dossier.LinesEvicted} lines of the log, {dossier.SignalsEvicted} envelopes.

            """));
        await AddAsync(Manifest, Json(new { version = 1, incident = dossier.Id, files = hashes.ToArray() }));

        async Task AddAsync(string name, byte[] content)
        {
            hashes.Add(new FileHash(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
            await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync();
            await entry.WriteAsync(content);
        }
    }

    private static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Indented);

    private static JsonObject[] Facts(IEnumerable<EvidenceItem> items) => [.. items.Select(item => item.Facts)];

    private static byte[] Envelopes(Dossier dossier)
    {
        using var envelopes = new MemoryStream();
        foreach (var entry in dossier.Signals.Reverse())
        {
            envelopes.Write(EnvelopeExport.Envelope(entry).Span);
        }

        return envelopes.ToArray();
    }

    private sealed record FileHash(string Name, int Bytes, string Sha256);
}
