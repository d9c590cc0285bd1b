using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MockSre.Domain.Faults;
using MockSre.Domain.Settings;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Signals;
using MockSre.Web.Tests.Contract;

namespace MockSre.Web.Tests;

/// <summary>A whole service of its own on a database in memory, with the faults' durations scaled down to a tenth.</summary>
internal sealed class MockSreApp : WebApplicationFactory<Program>
{
    /// <summary>The incident's durations at a tenth.</summary>
    public static readonly FaultTimings Scaled = new()
    {
        SmallPoolTimeout = TimeSpan.FromMilliseconds(100),
        BurstFree = TimeSpan.FromMilliseconds(320),
        BurstHeld = TimeSpan.FromMilliseconds(270),
        ScanRowCost = TimeSpan.FromMicroseconds(10),
        InjectedDeadline = TimeSpan.FromMilliseconds(20),
    };

    private readonly Dictionary<string, string?> _settings;
    private readonly FaultTimings _timings;
    private bool _holdsSignals;
    private TimeSpan? _exportLimit;
    private TimeProvider? _time;
    private ConnectionLimits? _limits;

    private MockSreApp(Dictionary<string, string?> settings, FaultTimings timings)
    {
        _settings = settings;
        _timings = timings;
    }

    /// <summary>Starts a service in ENV=demo, with the settings given on top.</summary>
    /// <remarks>Every variable is set, so that neither the environment nor a .env file of whoever runs the tests matters.</remarks>
    public static MockSreApp Start(params (string Variable, string Value)[] settings) => Start(Scaled, settings);

    public static MockSreApp Start(FaultTimings timings, params (string Variable, string Value)[] settings)
    {
        var all = ServiceSettings.Variables.ToDictionary(variable => variable, string? (_) => string.Empty);
        all["ENV"] = "demo";
        all["DATABASE_URL"] = "sqlite://";
        all["INCIDENTS_DATABASE_URL"] = "sqlite://";

        // The SDK is one for the whole process; its tests say so themselves and run alone.
        all["SIGNAL_INBOX"] = "false";
        foreach (var (variable, value) in settings)
        {
            all[variable] = value;
        }

        return new MockSreApp(all, timings);
    }

    /// <summary>A service whose inbox holds the signals that a test adds to it; the SDK is off all the same.</summary>
    public static MockSreApp StartWithInbox(params (string Variable, string Value)[] settings)
    {
        var app = Start(settings);
        app._holdsSignals = true;
        return app;
    }

    /// <summary>A service behind a real socket, with the signals that a test adds to it, whose exports may take as long as given.</summary>
    public static MockSreApp StartOnSocketWithInbox(TimeSpan exportLimit)
    {
        var app = StartWithInbox();
        app._exportLimit = exportLimit;
        app.UseKestrel(0);
        app.StartServer();
        return app;
    }

    /// <summary>A service that can play incidents: behind a real socket, with an inbox and on a clock of its own.</summary>
    public static MockSreApp StartForIncidents(TimeProvider time, params (string Variable, string Value)[] settings)
    {
        var app = StartWithInbox(settings);
        app._time = time;
        app.UseKestrel(0);
        app.StartServer();
        return app;
    }

    /// <summary>The same service behind a real socket, on a port that the system chooses.</summary>
    public static MockSreApp StartOnSocket(params (string Variable, string Value)[] settings)
    {
        var app = Start(settings);
        app.UseKestrel(0);
        app.StartServer();
        return app;
    }

    /// <summary>A client that follows redirects and keeps cookies. An answer against the OpenAPI document fails the test.</summary>
    public new HttpClient CreateClient() => AnswerCheck.CreateClient(this, ClientOptions);

    /// <inheritdoc cref="CreateClient()"/>
    public new HttpClient CreateClient(WebApplicationFactoryClientOptions options) => AnswerCheck.CreateClient(this, options);

    /// <summary>The same with few connections.</summary>
    public static MockSreApp StartOnSocket(
        ConnectionLimits limits, TimeProvider? time = null, params (string Variable, string Value)[] settings)
    {
        var app = Start(settings);
        app._limits = limits;
        app._time = time;
        app.UseKestrel(0);
        app.StartServer();
        return app;
    }

    /// <summary>What the service has logged from warnings on.</summary>
    public LoggedLines Logged { get; } = new();

    /// <summary>Takes the service back to mode <c>none</c>, with nothing remembered but what <see cref="SharedApps"/> lists.</summary>
    public async Task ResetAsync()
    {
        await Services.GetRequiredService<ServiceReset>().RunAsync();
        Logged.Clear();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (variable, value) in _settings)
        {
            builder.UseSetting(variable, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(_timings);
            if (_time is not null)
            {
                services.AddSingleton(_time);
            }

            if (_limits is not null)
            {
                services.AddSingleton(_limits);
            }

            if (_exportLimit is { } limit)
            {
                services.AddSingleton(new ExportSlots { Limit = limit });
            }

            if (_holdsSignals)
            {
                var settings = services.Select(service => service.ImplementationInstance).OfType<ServiceSettings>().Single();
                services.AddSingleton(settings with { SignalInbox = true });
            }
        });
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logged));
    }
}

/// <summary>Keeps what is logged from warnings on.</summary>
internal sealed class LoggedLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public void Clear() => _lines.Clear();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.GetType().Name}");
        }
    }

    public void Dispose()
    {
        // Nothing to let go of.
    }
}

/// <summary>What tests of the API say often.</summary>
internal static class ApiCalls
{
    public static Task<HttpResponseMessage> GetProfileAsync(this HttpClient http, int userId) =>
        http.GetAsync(new Uri($"/api/users/profile/{userId.ToString(CultureInfo.InvariantCulture)}", UriKind.Relative));

    public static Task<HttpResponseMessage> SetModeAsync(this HttpClient http, string mode) =>
        http.PostAsync($"/admin/failure-mode/{mode}");

    public static Task<HttpResponseMessage> PostAsync(this HttpClient http, string path, object? body = null) =>
        http.PostAsync(new Uri(path, UriKind.Relative), body is null ? null : JsonContent.Create(body));

    public static async Task<JsonElement> GetJsonAsync(this HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync());

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    /// <summary>Checks that an answer is a problem a person understands, and gives its detail.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.JsonAsync();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        var text = problem.GetRawText();
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString() ?? string.Empty : string.Empty;
    }

    /// <summary>Asks again until the answer is as wished, for as long as the busiest machine could need.</summary>
    public static async Task<JsonElement> GetUntilAsync(
        this HttpClient http, string path, Func<JsonElement, bool> wished, [CallerArgumentExpression(nameof(wished))] string what = "")
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await http.GetJsonAsync(path);
            if (wished(answer))
            {
                return answer;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"{path} was never so that {what}; it was {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
