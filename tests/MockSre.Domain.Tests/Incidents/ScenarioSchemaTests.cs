using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using NJsonSchema;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>The JSON Schemas accept the shipped scenarios, refuse broken ones, and have the members of the reader's types.</summary>
public sealed class ScenarioSchemaTests
{
    public static TheoryData<string> Files => [.. ScenarioDirectory.ShippedFiles];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_AgainstItsSchema_IsValid(string file) =>
        Assert.Empty((await SchemaOf(file)).Validate(ScenarioDirectory.ReadShipped(file).ToJsonString()));

    [Theory]
    [InlineData("incident_b.json", "version", "2")]
    [InlineData("incident_b.json", "version", null)]
    [InlineData("incident_b.json", "name", "\"Incident B\"")]
    [InlineData("incident_b.json", "title", "\"\"")]
    [InlineData("incident_b.json", "phase", "[]")]
    [InlineData("incident_b.json", "service_level.error_rate", "1")]
    [InlineData("incident_b.json", "service_level.p95_ms", "0")]
    [InlineData("incident_b.json", "base.cache_enabled", "1")]
    [InlineData("incident_b.json", "base.pool_limit", "0")]
    [InlineData("incident_b.json", "base.export.leases", "11")]
    [InlineData("incident_b.json", "base.export.held_ms", "0.5")]
    [InlineData("incident_b.json", "base.scan_row_cost_us", "-1")]
    [InlineData("incident_b.json", "load.rate", "0")]
    [InlineData("incident_b.json", "load.users", "[1]")]
    [InlineData("incident_b.json", "noise.unknown_user", "0.6")]
    [InlineData("incident_b.json", "decoys.older", "0")]
    [InlineData("incident_b.json", "phases.0.commits", "[]")]
    [InlineData("incident_b.json", "phases.0.commits.0", "7")]
    [InlineData("incident_b.json", "phases.0.fresh", null)]
    [InlineData("incident_b.json", "phases.0.sets.cache_disabled", "true")]
    [InlineData("incident_b.json", "alert.name", "\"profile errors\"")]
    [InlineData("incident_b.json", "alert.condition.measure", "\"p99_ms\"")]
    [InlineData("incident_b.json", "alert.condition.below", "1")]
    [InlineData("incident_b.json", "alert.window_s", "0")]
    [InlineData("incident_b.json", "witness.reached.0.above", "\"0.5\"")]
    [InlineData("incident_b.json", "demo_speedup", "0.5")]
    [InlineData("keys/incident_b.json", "version", "2")]
    [InlineData("keys/incident_b.json", "verdict", "\"broken\"")]
    [InlineData("keys/incident_b.json", "commits.0.sha", "\"b71e4d8\"")]
    [InlineData("keys/incident_b.json", "commits.0.changed", "[]")]
    [InlineData("keys/incident_b.json", "commits.0.changed.0.what", "\"cache\"")]
    [InlineData("keys/incident_b.json", "commits.0.changed.0.from", "\"true\"")]
    [InlineData("keys/incident_b.json", "components", "[]")]
    [InlineData("keys/incident_b.json", "mechanisms.0", "\"Pool exhaustion\"")]
    [InlineData("keys/incident_b.json", "causal_chain", "[]")]
    [InlineData("keys/incident_b.json", "evidence.must", "[]")]
    [InlineData("keys/incident_b.json", "evidence.must.0.kind", "\"screenshot\"")]
    [InlineData("keys/incident_b.json", "evidence.must.0.says", null)]
    [InlineData("keys/incident_b.json", "must_not_blame.0", "\"\"")]
    [InlineData("keys/incident_b.json", "played.0.effect", "\"worsens\"")]
    [InlineData("keys/incident_b.json", "played.0.error_rate", "1.1")]
    [InlineData("vocabulary.json", "version", "0")]
    [InlineData("vocabulary.json", "components", "[\"a\",\"b\"]")]
    [InlineData("vocabulary.json", "mechanisms.0", "\"bad_input\"")]
    [InlineData("vocabulary.json", "verdicts", "[]")]
    [InlineData("drawn/random.json", "version", "\"1\"")]
    [InlineData("drawn/random.json", "draws_from", "[]")]
    [InlineData("drawn/random.json", "draws_from.0", "\"noisy_alert\"")]
    [InlineData("drawn/random.json", "summary", null)]
    [InlineData("commits.json", "version", "2")]
    [InlineData("commits.json", "commits.0.before", "[]")]
    [InlineData("commits.json", "commits.0.after", "[\"scan\",\"scan\"]")]
    [InlineData("commits.json", "commits.0.after", "[\"scan.1\"]")]
    [InlineData("commits.json", "commits.0.reverts", "\"scan\"")]
    [InlineData("commits.json", "commits.0.sets.cache", "false")]
    public async Task Document_ThatIsBroken_IsRefused(string file, string path, string? json)
    {
        var document = ScenarioDirectory.ReadShipped(file);
        ScenarioDirectory.Set(document, path, json);

        Assert.NotEmpty((await SchemaOf(file)).Validate(document.ToJsonString()));
    }

    [Theory]
    [InlineData("scenario", typeof(Scenario))]
    [InlineData("key", typeof(AnswerKey))]
    [InlineData("vocabulary", typeof(Vocabulary))]
    [InlineData("drawn", typeof(ScenarioDraw))]
    [InlineData("commits", typeof(CommitLibrary))]
    public async Task Schema_ItsMembers_AreThoseThatTheReaderKnowsAndAsksFor(string name, Type type) =>
        AssertSameMembers(await SchemaNamed(name), IncidentJson.Strict.GetTypeInfo(type), name);

    [Fact]
    public async Task Schema_OfTraits_IsThatOfTheSettings() => Assert.Equal(
        TraitSchema.Create().ToJsonString(new() { WriteIndented = true }) + "\n",
        await File.ReadAllTextAsync(Repository.PathOf("fixtures/scenarios/traits.schema.json")));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_WithAMemberMissingOrUnknown_IsRefusedByBothOrByNeither(string file)
    {
        var schema = await SchemaOf(file);
        var document = ScenarioDirectory.ReadShipped(file);
        if (document["commits"] is JsonArray { Count: > 10 } commits)
        {
            // These five commits have every member between them. The others would only repeat them.
            var some = commits.Where(commit => (string?)commit!["id"]
                is "scan.1" or "cache_longer.1" or "scan_undone.1" or "no_tracking.1" or "lease_owner_text.1");
            document["commits"] = new JsonArray([.. some.Select(commit => commit!.DeepClone())]);
        }

        foreach (var owner in Objects(document).ToList())
        {
            owner["$schema"] = "x";
            AssertAgree(document, expected: false);
            owner.Remove("$schema");
            foreach (var (member, value) in owner.ToList())
            {
                owner.Remove(member);
                AssertAgree(document, expected: null);
                owner[member] = value;
            }
        }

        AssertAgree(document, expected: true);

        void AssertAgree(JsonNode broken, bool? expected)
        {
            var json = broken.ToJsonString();
            var isRead = IsRead(json, TypeOf(file));
            Assert.Equal(isRead, schema.Validate(json).Count == 0);
            Assert.Equal(expected ?? isRead, isRead);
        }
    }

    private static bool IsRead(string json, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type, IncidentJson.Strict) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Objects),
        JsonObject owner => owner.SelectMany(member => Objects(member.Value)).Prepend(owner),
        _ => [],
    };

    private static void AssertSameMembers(JsonSchema schema, JsonTypeInfo type, string where)
    {
        var members = type.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null).ToList();
        Assert.False(schema.AllowAdditionalProperties, where);
        Assert.Equal(members.Select(member => member.Name).Order(), schema.Properties.Keys.Order());
        var required = members.Where(member => member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false });
        Assert.Equal(required.Select(member => member.Name).Order(), schema.RequiredProperties.Order());
        foreach (var member in members)
        {
            var (inner, innerType) = (schema.Properties[member.Name].ActualSchema, type.Options.GetTypeInfo(member.PropertyType));
            if (innerType.Kind == JsonTypeInfoKind.Enumerable)
            {
                (inner, innerType) = (inner.Item!.ActualSchema, type.Options.GetTypeInfo(innerType.ElementType!));
            }

            if (innerType.Kind == JsonTypeInfoKind.Object && innerType.Type != typeof(object))
            {
                AssertSameMembers(inner, innerType, $"{where}.{member.Name}");
            }
        }
    }

    private static Task<JsonSchema> SchemaOf(string file) => SchemaNamed(Path.GetDirectoryName(file) switch
    {
        ScenarioCatalog.KeysDirectory => "key",
        ScenarioCatalog.DrawsDirectory => "drawn",
        _ => Path.GetFileName(file) is ScenarioCatalog.LibraryFile or ScenarioCatalog.VocabularyFile
            ? Path.GetFileNameWithoutExtension(file)
            : "scenario",
    });

    private static Type TypeOf(string file) => Path.GetDirectoryName(file) switch
    {
        ScenarioCatalog.KeysDirectory => typeof(AnswerKey),
        ScenarioCatalog.DrawsDirectory => typeof(ScenarioDraw),
        _ => Path.GetFileName(file) switch
        {
            ScenarioCatalog.LibraryFile => typeof(CommitLibrary),
            ScenarioCatalog.VocabularyFile => typeof(Vocabulary),
            _ => typeof(Scenario),
        },
    };

    private static Task<JsonSchema> SchemaNamed(string name) =>
        JsonSchema.FromFileAsync(Repository.PathOf($"fixtures/scenarios/{name}.schema.json"));
}
