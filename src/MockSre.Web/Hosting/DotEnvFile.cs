using dotenv.net;

namespace MockSre.Web.Hosting;

/// <summary>Puts the variables of a <c>.env</c> file below everything else, so that the environment wins over it.</summary>
internal static class DotEnvFile
{
    /// <summary>Its name, in the working directory.</summary>
    public const string Name = ".env";

    /// <summary>Adds the file's variables, if there is one.</summary>
    /// <returns>Why the file cannot be used; null if it can, or if there is none.</returns>
    public static string? AddTo(IConfigurationBuilder configuration)
    {
        if (!File.Exists(Name))
        {
            return null;
        }

        try
        {
            var variables = DotEnv.Read(new DotEnvOptions(ignoreExceptions: false, envFilePaths: [Name], probeForEnv: false));
            configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
            {
                InitialData = variables.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
            });
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return "a readable file of NAME=value lines";
        }
    }
}
