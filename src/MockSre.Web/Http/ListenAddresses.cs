using System.Net;
using MockSre.Domain.Settings;

namespace MockSre.Web.Http;

/// <summary>Where the service is going to listen, read before it binds from everything that Kestrel reads it from.</summary>
/// <param name="Urls">The addresses, as given.</param>
/// <param name="Problems">Those that are none.</param>
internal sealed record ListenAddresses(IReadOnlyList<string> Urls, IReadOnlyList<SettingProblem> Problems)
{
    /// <summary>The address when none is given.</summary>
    public const string Default = "http://localhost:8000";

    /// <summary>Whether none was given.</summary>
    public bool IsDefault => Urls is [Default];

    /// <summary>Whether nobody but this machine can reach the service.</summary>
    public bool AreLoopback => Urls.All(url => IsLoopback(BindingAddress.Parse(url)));

    /// <summary>The ports, such as <c>8000</c> or <c>8000-8443</c>; 0 for one that the system chooses, nothing for a socket.</summary>
    public string Ports => string.Join('-', Urls.Select(BindingAddress.Parse).Where(address => !address.IsUnixPipe).Select(address => address.Port).Distinct());

    /// <summary>Reads <c>--urls</c> and its variables, the port variables, and Kestrel's own section; nothing given means <see cref="Default"/>.</summary>
    public static ListenAddresses From(IConfiguration configuration)
    {
        var given = Split(configuration[WebHostDefaults.ServerUrlsKey]).ToList();
        if (given.Count == 0)
        {
            given.AddRange(Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"));
            given.AddRange(Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"));
        }

        // Kestrel's section wins over the rest; to be safe, all of them are judged.
        given.AddRange(configuration.GetSection("Kestrel:Endpoints").GetChildren().SelectMany(endpoint => Split(endpoint["Url"])));
        if (given.Count == 0)
        {
            given.Add(Default);
        }

        var wrong = given.Where(url => !IsAddress(url)).ToList();
        return new ListenAddresses(
            [.. given.Except(wrong)],
            [.. wrong.Select(url => new SettingProblem("--urls / ASPNETCORE_URLS", url, "addresses such as http://localhost:8000, separated by semicolons"))]);
    }

    private static string[] Split(string? text) =>
        (text ?? string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https"
                && address.PathBase.Length == 0
                && (address.IsUnixPipe || (IsHost(address.Host) && address.Port is >= 0 and <= IPEndPoint.MaxPort));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // Kestrel takes "localhost:abc" for a host, and binds a host that it does not know to all addresses.
    private static bool IsHost(string host) => host is "*" or "+" || Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown;

    /// <summary>Whether an address is on this machine alone. Kestrel binds every name but localhost to all addresses.</summary>
    internal static bool IsLoopback(BindingAddress address) =>
        address.IsUnixPipe
        || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}
