using System.Text.Json.Nodes;

namespace MockSre.Domain.Faults;

public static class TraitSchema
{
    /// <summary>The schema of an object of settings. <c>definitions</c> has the names of the settings.</summary>
    public static JsonObject Create()
    {
        var schema = Object("Values of settings. A missing setting is unchanged in a commit, and healthy in a scenario.");
        schema["$schema"] = "http://json-schema.org/draft-07/schema#";
        schema["title"] = "Traits";
        foreach (var setting in FaultCatalog.Settings)
        {
            var (group, name) = TraitSetConverter.Split(setting);
            var members = (JsonObject)schema["properties"]!;
            if (group.Length > 0)
            {
                members[group] ??= Object($"Settings of the {group}.");
                members = (JsonObject)members[group]!["properties"]!;
            }

            members[name] = Describe(setting);
        }

        schema["definitions"] = new JsonObject
        {
            ["name"] = new JsonObject { ["enum"] = new JsonArray([.. FaultCatalog.Settings.Select(setting => (JsonNode)setting.Name)]) },
        };
        return schema;
    }

    private static JsonObject Object(string description) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(),
    };

    private static JsonObject Describe(Setting setting) => setting is Number number
        ? new JsonObject
        {
            ["description"] = setting.Description,
            ["type"] = "integer",
            ["minimum"] = number.Least,
            ["maximum"] = number.Most,
        }
        : new JsonObject { ["description"] = setting.Description, ["type"] = "boolean" };
}
