using dotenv.net;
using MockSre.Domain.Settings;
using MockSre.Web.SentryApi;

namespace MockSre.Web.Hosting;

/// <summary>Puts the variables of a <c>.env</c> file below everything else, so that the environment wins over it.</summary>
internal static class DotEnvFile
{
    /// <summary>Its name, in the working directory.</summary>
    public const string Name = ".env";

    private static readonly HashSet<string> Known = [.. ServiceSettings.Variables, .. SentryAccess.Variables];

    /// <summary>Adds the settings in the file, if there is one, and nothing else.</summary>
    /// <returns>The names it sets besides, which have no effect.</returns>
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
            return [.. variables.Keys.Except(Known)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{Name} cannot be read", e);
        }
    }
}
