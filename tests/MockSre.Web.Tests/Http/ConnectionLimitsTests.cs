using System.Net.Sockets;
using MockSre.Web.Http;
using MockSre.Web.Tests.Composition;

namespace MockSre.Web.Tests.Http;

public sealed class ConnectionLimitsTests : IDisposable
{
    private const string AnyPort = "--urls=http://127.0.0.1:0";

    private readonly DirectoryInfo _directory = ServiceProcess.NewDirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(100)]
    public void For_AsManyDescriptorsAsNeeded_LeavesTheFewestConnections(int poolLimit)
    {
        var needed = ConnectionLimits.NeededDescriptors(poolLimit);

        Assert.Equal(ConnectionLimits.FewestConnections, ConnectionLimits.For(needed, poolLimit).Connections);
        Assert.Equal(ConnectionLimits.FewestConnections - 1, ConnectionLimits.For(needed - 1, poolLimit).Connections);
        Assert.Equal(new ConnectionLimits(0, 0), ConnectionLimits.For(256, poolLimit));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(4096)]
    [InlineData(65_536)]
    public void For_AnyDescriptors_StaysBelowThem(int descriptors)
    {
        var limits = ConnectionLimits.For(descriptors, poolLimit: 20);

        Assert.InRange(limits.Connections + limits.OwnRequests, 1, descriptors - ConnectionLimits.AtRest);
        Assert.InRange(limits.Connections, 1, ConnectionLimits.MostConnections);
        Assert.InRange(limits.FullFrom, 1, limits.Connections - 1);

        // Fifty consoles of one address, and fifty of others.
        Assert.InRange(limits.Upgraded, 100, limits.FullFrom);
    }

    [Fact]
    public void For_NoLimit_IsCapped() =>
        Assert.Equal(ConnectionLimits.MostConnections, ConnectionLimits.For(null, poolLimit: 20).Connections);

    [LinuxFact]
    public void Descriptors_OnLinux_AreTheLimitOfThisProcess() =>
        Assert.InRange(ConnectionLimits.Descriptors() ?? int.MaxValue, 100, int.MaxValue);

    [LinuxFact]
    [Trait(TestCategory.Name, TestCategory.RealTime)]
    public async Task Start_TooFewDescriptors_IsRefusedInOneLine()
    {
        await using var service = ServiceProcess.StartWithDescriptors(256, _directory, AnyPort);

        var (exitCode, output, error) = await service.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("256", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [LinuxFact]
    [Trait(TestCategory.Name, TestCategory.RealTime)]
    public async Task Health_MoreSilentConnectionsThanDescriptors_Answers()
    {
        var descriptors = ConnectionLimits.NeededDescriptors(poolLimit: 20);
        await using var service = ServiceProcess.StartWithDescriptors(descriptors, _directory, AnyPort);
        var (_, address) = await service.GreetingAsync();
        var silent = new List<TcpClient>();
        for (var connection = 0; connection < descriptors; connection++)
        {
            var client = new TcpClient();
            silent.Add(client);
            await client.ConnectAsync(address.Host, address.Port);
        }

        for (var again = 0; again < 5; again++)
        {
            using var http = new HttpClient { BaseAddress = address };
            Assert.Equal("ok", (await http.GetJsonAsync("/health")).GetProperty("status").GetString());
        }

        silent.ForEach(client => client.Dispose());
    }
}

/// <summary>A test that runs only on Linux, because it needs the limits of processes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Only Linux tells how many descriptors a process may open.";
}
