using System.Globalization;
using System.Text.Json;

namespace MockSre.Investigator;

/// <summary>The program of <c>make investigate</c>. It plays one incident over HTTP with a few rules and no model.</summary>
internal static class Program
{
    private static async Task<int> Main()
    {
        using var stopped = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stopped.Cancel();
        };
        try
        {
            using var client = new IncidentClient(Server(), Setting("ADMIN_TOKEN"), Setting("INCIDENT"));
            if (client.Id is null)
            {
                await client.StartAsync(Order(), stopped.Token);
            }

            Report.Print(await new Investigation(client, Console.WriteLine).RunAsync(stopped.Token));
            return 0;
        }
        catch (InvestigationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (JsonException e)
        {
            await Console.Error.WriteLineAsync($"The answer does not fit this version of MockSre: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped. The incident stays open until it is closed or times out.");
            return 130;
        }
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // The address ends with one slash, so that a path base stays in front of the API's paths.
    private static Uri Server()
    {
        var url = (Setting("URL") ?? "http://localhost:8000").TrimEnd('/') + "/";
        return Uri.TryCreate(url, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? server
            : throw new InvestigationException("URL must be the address of MockSre, such as http://localhost:8000.");
    }

    private static object Order() => new
    {
        Scenario = Setting("SCENARIO") ?? "incident_b",
        Seed = Setting("SEED") is not { } text ? (int?)null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
            : throw new InvestigationException("SEED must be a whole number."),
        Blind = Setting("BLIND") is "1" or "true",
    };
}
