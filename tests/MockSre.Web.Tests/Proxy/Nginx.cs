using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MockSre.Web.Tests.Proxy;

/// <summary>A real nginx in front of a service, in the foreground, with its own configuration, port and directory.</summary>
internal sealed partial class Nginx : IAsyncDisposable
{
    /// <summary>The address of the service in the manual's examples.</summary>
    public const string ExampleService = "http://127.0.0.1:8000";

    public const string HowToGet = "No nginx on this machine: apt-get install nginx.";

    // Debian installs nginx in a directory that only root has on the PATH.
    private static readonly string[] Usual = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx", "/usr/bin/nginx"];

    // With SO_REUSEPORT, nginx can listen on the port while this class still holds it.
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-nginx");
    private readonly Socket _port = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Process? _process;

    private Nginx(string host)
    {
        _port.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
        _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}/"));
    }

    /// <summary>The address for browsers.</summary>
    public Uri Address { get; }

    private int Port => ((IPEndPoint)_port.LocalEndPoint!).Port;

    public static string? Find() => Array.Find(Usual, File.Exists);

    /// <summary>Takes a port before nginx starts, so that the service can get the address. Browsers map *.localhost to loopback.</summary>
    public static Nginx Reserve(string host = "demo.localhost") => new(host);

    /// <summary>The blocks of nginx configuration in docs/deploying.md, in order.</summary>
    public static IReadOnlyList<string> Manual { get; } =
        [.. NginxBlock().Matches(File.ReadAllText(Repository.PathOf("docs/deploying.md"))).Select(block => block.Groups[1].Value)];

    /// <param name="location">The content of the server block, with <see cref="ExampleService"/> as the service's address.</param>
    /// <param name="service">The real address, which replaces <see cref="ExampleService"/>.</param>
    public async Task StartAsync(string location, Uri service)
    {
        var file = Path.Combine(_directory.FullName, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off;
            master_process off;
            pid {{_directory.FullName}}/nginx.pid;
            error_log stderr warn;
            events { }
            http {
                access_log off;
                client_body_temp_path {{_directory.FullName}}/body;
                proxy_temp_path {{_directory.FullName}}/proxy;
                fastcgi_temp_path {{_directory.FullName}}/fastcgi;
                uwsgi_temp_path {{_directory.FullName}}/uwsgi;
                scgi_temp_path {{_directory.FullName}}/scgi;
                {{Manual[0]}}
                server {
                    listen 127.0.0.1:{{Port}} reuseport;
                    {{location.Replace(ExampleService, service.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal)}}
                }
            }
            """);
        _process = Process.Start(new ProcessStartInfo(Find()!, ["-p", _directory.FullName, "-c", file]) { RedirectStandardError = true })!;
        var errors = _process.StandardError.ReadToEndAsync();
        var begun = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(begun) > StartLimit)
            {
                throw new InvalidOperationException($"nginx did not start: {(_process.HasExited ? await errors : "it does not listen")}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _port.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NginxBlock();
}
