namespace MockSre.Checks;

/// <summary>Clicks on two slow modes in turn while many requests are in flight.</summary>
internal static class SlowClicks
{
    /// <summary>Each client has a request in flight, except for a moment after an answer.</summary>
    public const int Clients = 50;

    /// <summary>The fewest requests in flight at each click.</summary>
    public const int UnderWay = 45;

    /// <summary>Requests take a second or more in both modes, so fifty clients keep about fifty requests in flight.</summary>
    private static readonly string[] SlowModes = ["slow_query", "combined"];

    /// <summary>The time between an effect and the next click. Not a whole second, because the console updates once a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(730);

    /// <summary>Many answers arrive together. This is the time limit until enough requests are in flight again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>The latencies from click to effect on the screen, and the fewest requests in flight at a click.</returns>
    public static async Task<(Latencies Effects, int LeastUnderWay)> RunAsync(OpenConsole console, ServiceClient client, int clicks)
    {
        await client.SetModeAsync(SlowModes[0]);
        await console.ShowsAsync(SlowModes[0]);
        await using var load = new SteadyLoad(
            Clients, async (user, stop) => (await client.GetProfileAsync(user, stop)).Status is 200 or 500);
        var effects = new List<TimeSpan>();
        var leastUnderWay = Clients;
        for (var click = 1; click <= clicks; click++)
        {
            await Task.Delay(Pause, TimeProvider.System);
            var figures = await ServiceClient.UntilAsync(client.GetFiguresAsync, figures => figures.InFlight >= UnderWay, Patience);
            leastUnderWay = Math.Min(leastUnderWay, figures.InFlight);
            effects.Add(await console.ClickAsync(SlowModes[click % SlowModes.Length]));
        }

        return (new Latencies(effects), leastUnderWay);
    }
}
