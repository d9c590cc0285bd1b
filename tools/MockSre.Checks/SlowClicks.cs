namespace MockSre.Checks;

/// <summary>Clicks on modes, by turns on two whose requests are slow, while many of those are under way.</summary>
internal static class SlowClicks
{
    /// <summary>Clients that each have a request under way, except for a moment after its answer.</summary>
    public const int Clients = 50;

    /// <summary>Requests that are under way at each click at least.</summary>
    public const int UnderWay = 45;

    /// <summary>In both of them requests last a second and more: only so do fifty clients keep fifty under way.</summary>
    private static readonly string[] SlowModes = ["slow_query", "combined"];

    /// <summary>Between an effect and the next click: no whole second, so that clicks meet the console at every point of its own second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(730);

    /// <summary>Many answers come at once; so long it may take until as many are under way again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Clicks so many times.</summary>
    /// <returns>From click to effect on the screen, and the fewest requests that were under way at a click.</returns>
    public static async Task<(Latencies Effects, int LeastUnderWay)> RunAsync(OpenConsole console, ServiceClient client, int clicks)
    {
        await client.SetModeAsync(SlowModes[0]);
        await console.ShowsAsync(SlowModes[0]);
        await using var load = new SteadyLoad(Clients, async (user, stop) => (await client.GetProfileAsync(user, stop)).Status is 200 or 500);
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
