namespace MockSre.Web.Http;

/// <summary>The addresses that the service will bind, read from the same configuration as Kestrel's.</summary>
/// <param name="Urls">The valid addresses.</param>
/// <param name="Problems">The invalid ones.</param>
internal sealed record ListenAddresses(IReadOnlyList<string> Urls, IReadOnlyList<SettingProblem> Problems)
{
    public const string Default = "http://localhost:8000";

    public bool IsDefault => Urls is [Default];

    /// <summary>Whether only this machine can reach the service.</summary>
    public bool AreLoopback => Urls.All(url => IsLoopback(BindingAddress.Parse(url)));

    /// <summary>The ports, such as <c>8000</c> or <c>8000-8443</c>. 0 is a port that the system chooses. Sockets have none.</summary>
    public string Ports => string.Join(
        '-', Urls.Select(BindingAddress.Parse).Where(address => !address.IsUnixPipe).Select(address => address.Port).Distinct());

    /// <summary>Reads <c>--urls</c> and its variables, the port variables, and the Kestrel section.</summary>
    public static ListenAddresses From(IConfiguration configuration)
    {
        var given = Split(configuration[WebHostDefaults.ServerUrlsKey]).ToList();
        if (given.Count == 0)
        {
            given.AddRange(Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"));
            given.AddRange(Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"));
        }

        // Kestrel prefers its own section. All addresses are checked, to be safe.
        given.AddRange(configuration.GetSection("Kestrel:Endpoints").GetChildren().SelectMany(endpoint => Split(endpoint["Url"])));
        if (given.Count == 0)
        {
            given.Add(Default);
        }

        var wrong = given.Where(url => !IsAddress(url)).ToList();
        return new ListenAddresses(
            [.. given.Except(wrong)],
            [.. wrong.Select(url => new SettingProblem(
                "--urls / ASPNETCORE_URLS", url, "addresses such as http://localhost:8000, separated by semicolons"))]);
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

    // Kestrel reads "localhost:abc" as a host name, and binds unknown host names to all interfaces.
    private static bool IsHost(string host) => host is "*" or "+" || Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown;

    /// <summary>Whether only this machine can reach an address. Kestrel binds every name except localhost to all interfaces.</summary>
    internal static bool IsLoopback(BindingAddress address) =>
        address.IsUnixPipe
        || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}
