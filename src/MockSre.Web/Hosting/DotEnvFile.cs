using dotenv.net;

namespace MockSre.Web.Hosting;

/// <summary>Puts the variables of a <c>.env</c> file below everything else, so that the environment wins over it.</summary>
internal static class DotEnvFile
{
    /// <summary>Its name, in the working directory.</summary>
    public const string Name = ".env";

    /// <summary>Adds the file's variables, if there is one.</summary>
    /// <returns>The names it sets.</returns>
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
                InitialData = variables.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
            });
            return [.. variables.Keys];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{Name} cannot be read", e);
        }
    }
}
