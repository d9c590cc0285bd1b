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

    /// <summary>Makes the zip, in memory: its parts are written without waiting, which an answer does not allow.</summary>
    /// <param name="file">A run that is closed.</param>
    public static byte[] Write(IncidentFile file)
    {
        using var output = new MemoryStream();
        var (dossier, score) = file;
        var evidence = new Evidence(dossier, dossier.Closed!.At);
        var hashes = new List<FileHash>();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "incident.json", Json(IncidentHeader.Of(dossier, score)));
            Add(zip, "plan.json", Json(dossier.Plan));
            Add(zip, "states.json", Json(dossier.States));
            Add(zip, "alert.json", Json(new { rule = dossier.Plan.Alert, rang = dossier.Alert }));
            Add(zip, "commits.json", Json(Items(evidence.Commits())));
            Add(zip, "deploys.json", Json(Items(evidence.Deploys())));
            Add(zip, "config.json", Json(Items(evidence.Config())));
            Add(zip, "figures.json", Json(new { by_release = Items(evidence.MetricsByRelease()), by_time = Items(evidence.MetricsByTime()), seconds = dossier.Seconds }));
            Add(zip, "logs.jsonl", Encoding.UTF8.GetBytes(string.Concat(evidence.Log().Reverse().Select(line => line.ToJson().ToJsonString() + "\n"))));
            Add(zip, "signals.envelopes", Envelopes(dossier));
            Add(zip, "actions.json", Json(dossier.Actions));
            Add(zip, "diagnoses.json", Json(dossier.Diagnoses));
            Add(zip, "score.json", Json(score));
            Add(zip, Manual, Encoding.UTF8.GetBytes(
                $"""
                # Incident run {dossier.Id}

                {dossier.Plan.Title}, seed {dossier.Plan.Seed}, pace {IncidentWords.Of(dossier.Plan.Pace)}, begun {dossier.StartedAt:u}.
                `{Manifest}` has the SHA-256 of every other file. `plan.json` holds the answer. Ids in `diagnoses.json` are those of the items in `commits.json`, `deploys.json`,
                `config.json`, `figures.json` and `logs.jsonl` (one line of the log a line), or event ids of `signals.envelopes`: an empty line lies between two envelopes, each of
                which can be posted to any Sentry.
                Not kept any more when this was written: {dossier.LinesEvicted} lines of the log, {dossier.SignalsEvicted} envelopes.

                """));
            Add(zip, Manifest, Json(new { version = 1, incident = dossier.Id, files = hashes.ToArray() }));
        }

        return output.ToArray();

        void Add(ZipArchive zip, string name, byte[] content)
        {
            hashes.Add(new FileHash(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
            using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
            entry.Write(content);
        }
    }

    private static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Indented);

    private static JsonObject[] Items(IEnumerable<EvidenceItem> items) => [.. items.Select(item => item.ToJson())];

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
