using System.Text.RegularExpressions;
using dotenv.net;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Composition;

/// <summary>Adds the variables of a <c>.env</c> file with the lowest priority, so that the environment overrides them.</summary>
internal static partial class DotEnvFile
{
    /// <summary>The file's name in the working directory.</summary>
    public const string Name = ".env";

    private static readonly HashSet<string> Known = [.. ServiceSettings.Variables, .. SentryAccess.Variables];

    /// <summary>Adds the known settings of the file, if it exists.</summary>
    /// <returns>The other names. Text that does not look like a name is not included, because it could be a secret.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static IReadOnlyCollection<string> AddTo(IConfigurationBuilder configuration)
    {
        if (!File.Exists(Name))
        {
            return [];
        }

        try
        {
            var variables = DotEnv.Read(new DotEnvOptions(ignoreExceptions: false, envFilePaths: [Name], supportExportSyntax: true));
            configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
            {
                InitialData = variables
                    .Where(pair => Known.Contains(pair.Key))
                    .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
            });
            return [.. variables.Keys.Except(Known).Select(name => LooksLikeAName(name) ? name : "a line without a valid NAME").Distinct()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{Name} cannot be read", e);
        }
    }

    // Lower case counts only for known names.
    private static bool LooksLikeAName(string text) => VariableName().IsMatch(text) || Known.Contains(text.ToUpperInvariant());

    [GeneratedRegex(@"^[A-Z_][A-Z0-9_]{0,49}\z")]
    private static partial Regex VariableName();
}
