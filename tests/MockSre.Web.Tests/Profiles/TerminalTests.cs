using System.Net;
using MockSre.Checks;
using MockSre.Web.Tests.Composition;

namespace MockSre.Web.Tests.Profiles;

/// <summary>The real program's own output while requests fail.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class TerminalTests
{
    [Fact]
    public async Task Output_ManyFailures_HasOneLineAtOnceAndNoneForARequest()
    {
        await using var server = await ServerProcess.StartServiceAsync(ServiceProgram.File);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        using var set = await http.SetModeAsync("pool_saturation");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.GetProfileAsync(1)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode));
        using var reset = await http.SetModeAsync("none");
        await SaysAsync(server, "Failure mode pool_saturation -> none");

        Assert.Equal(1, Count(server, "Requests begin to fail: No database connection became free within 1,000 ms ("));
        Assert.Equal(0, Count(server, "/api/users/profile"));
        Assert.InRange(server.LastLines.Split('\n').Length, 4, 15);
    }

    private static int Count(ServerProcess server, string text) =>
        server.LastLines.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    // The log reaches the terminal through a queue, in order.
    private static async Task SaysAsync(ServerProcess server, string text)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (Count(server, text) == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), server.LastLines);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
