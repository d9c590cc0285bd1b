using Microsoft.Extensions.Configuration;
using MockSre.Web.Http;

namespace MockSre.Web.Tests.Http;

public class ListenAddressesTests
{
    [Fact]
    public void From_Nothing_IsPort8000OnLoopback()
    {
        var addresses = Read();

        Assert.Equal(["http://localhost:8000"], addresses.Urls);
        Assert.True(addresses.AreLoopback);
    }

    [Theory]
    [InlineData("http://localhost:9000", true)]
    [InlineData("http://LOCALHOST:9000", true)]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://127.1.2.3:80", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("http://localhost:9000;https://127.0.0.1:9001", true)]
    [InlineData("http://unix:/tmp/mocksre.sock", true)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://10.1.2.3:80", false)]
    [InlineData("http://localhost.example:80", false)]
    [InlineData("http://localhost:80;http://*:81", false)]
    public void AreLoopback_Urls_AreJudgedAsKestrelBindsThem(string urls, bool loopback) =>
        Assert.Equal(loopback, Read(("urls", urls)).AreLoopback);

    [Theory]
    [InlineData("http_ports", "8080")]
    [InlineData("https_ports", "8443")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://*:8080")]
    public void AreLoopback_OtherWaysToListenEverywhere_AreSeen(string key, string value) =>
        Assert.False(Read((key, value)).AreLoopback);

    [Fact]
    public void From_UrlsAndPorts_UrlsWinAsInKestrel() =>
        Assert.True(Read(("urls", "http://localhost:9000"), ("http_ports", "8080")).AreLoopback);

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("ftp://localhost:8000")]
    [InlineData("http://localhost:99999")]
    [InlineData("http://localhost:8000/base")]
    [InlineData("http://localhost:abc")]
    [InlineData("http://127.0.0.1:1:2")]
    [InlineData("http://me@localhost:80")]
    [InlineData("nonsense")]
    public void From_NoAddress_IsAProblem(string urls) =>
        Assert.Contains(urls, Assert.Single(Read(("urls", urls)).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void From_PortThatIsNone_IsAProblem() => Assert.Single(Read(("http_ports", "a")).Problems);

    private static ListenAddresses Read(params (string Key, string Value)[] settings) => ListenAddresses.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());
}
