using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MockSre.Web.Signals;

namespace MockSre.Web.Incidents;

/// <summary>A closed run as a zip of files that can be read without this service.</summary>
internal static class IncidentExport
{
    public const string ContentType = "application/zip";

    private const string Manifest = "manifest.json";
    private const string Manual = "README.md";

    private static readonly JsonSerializerOptions Indented = new(IncidentJson.Options) { WriteIndented = true };
    private static readonly JsonSerializerOptions IndentedEvidence = new(EvidenceJson.Options) { WriteIndented = true };

    // In memory, because ZipArchive writes its end synchronously, and Kestrel does not allow that.
    public static byte[] Write(IncidentFile file)
    {
        using var output = new MemoryStream();
        var (incident, score) = file;
        var evidence = new IncidentEvidence(incident, incident.Closed!.At);
        var hashes = new List<FileHash>();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "incident.json", Json(IncidentHeader.Of(incident, score)));
            Add(zip, "plan.json", Json(incident.Plan));
            Add(zip, "states.json", Json(incident.States));
            Add(zip, "alert.json", Json(new { rule = incident.Plan.Alert, rang = incident.Alert }));
            Add(zip, "commits.json", Evidence(evidence.Commits()));
            Add(zip, "deploys.json", Evidence(evidence.Deploys()));
            Add(zip, "config.json", Evidence(evidence.Config()));
            Add(zip, "figures.json", Evidence(new
            {
                by_release = evidence.MetricsByRelease(),
                by_time = evidence.MetricsByTime(),
                seconds = incident.Seconds,
            }));
            Add(zip, "logs.jsonl", Lines(evidence.Log().Reverse()));
            Add(zip, "signals.envelopes", Envelopes(incident));
            Add(zip, "actions.json", Json(incident.Actions));
            Add(zip, "diagnoses.json", Json(incident.Diagnoses));
            Add(zip, "score.json", Json(score));
            Add(zip, Manual, Encoding.UTF8.GetBytes(
                $"""
                # Incident run {incident.Id}

                {incident.Plan.Title}, seed {incident.Plan.Seed}, pace {IncidentWords.Of(incident.Plan.Pace)}, begun {incident.StartedAt:u}.
                `{Manifest}` has the SHA-256 of every other file. `plan.json` holds the answer. The ids in `diagnoses.json` are the ids of
                items in `commits.json`, `deploys.json`, `config.json`, `figures.json` and `logs.jsonl`, or event ids in
                `signals.envelopes`. Each line of `logs.jsonl` is one line of the log. An empty line separates two envelopes. Each envelope
                can be posted to any Sentry.
                Dropped before this export: {incident.LinesEvicted} lines of the log, {incident.SignalsEvicted} envelopes.

                """));
            Add(zip, Manifest, Json(new { version = 1, incident = incident.Id, files = hashes.ToArray() }));
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

    private static byte[] Evidence<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, IndentedEvidence);

    private static byte[] Lines(IEnumerable<LogEvidence> lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => JsonSerializer.Serialize(line, EvidenceJson.Options) + "\n")));

    private static byte[] Envelopes(IncidentRecord incident)
    {
        using var envelopes = new MemoryStream();
        foreach (var entry in incident.Signals.Reverse())
        {
            envelopes.Write(EnvelopeExport.Envelope(entry).Span);
        }

        return envelopes.ToArray();
    }

    private sealed record FileHash(string Name, int Bytes, string Sha256);
}
