using MockSre.Web.Http;

namespace MockSre.Web.Tests.Http;

public class OpenableAddressesTests
{
    [Theory]
    [InlineData("http://[::]:8162", "", "http://localhost:8162")]
    [InlineData("http://0.0.0.0:8162", "", "http://localhost:8162")]
    [InlineData("https://[::]:8443", "", "https://localhost:8443")]
    [InlineData("http://[::]:80", "", "http://localhost")]
    [InlineData("https://[::]:443", "", "https://localhost")]
    [InlineData("http://localhost:8000", "", "http://localhost:8000")]
    [InlineData("http://127.0.0.1:8000", "", "http://127.0.0.1:8000")]
    [InlineData("http://[::1]:8000", "demo.example", "http://[::1]:8000")]
    [InlineData("http://[::]:8162", "demo.example,10.1.2.3", "http://localhost:8162 http://demo.example:8162 http://10.1.2.3:8162")]
    [InlineData("http://10.1.2.3:8000", "", "http://10.1.2.3:8000")]
    [InlineData("http://10.1.2.3:8000", "demo.example", "http://demo.example:8000")]
    [InlineData("http://0.0.0.0:8162 http://[::]:8162 https://[::]:8443", "", "http://localhost:8162 https://localhost:8443")]
    [InlineData("http://unix:/tmp/mocksre.sock", "demo.example", "http://unix:/tmp/mocksre.sock")]
    public void From_Bound_CanBeOpened(string bound, string allowedHosts, string openable)
    {
        var hosts = allowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(openable.Split(' '), OpenableAddresses.From(bound.Split(' '), hosts));
    }

    [Theory]
    [InlineData("http://localhost:8162 http://demo.example:8162", "Open http://localhost:8162")]
    [InlineData("http://unix:/tmp/mocksre.sock https://localhost:8443", "Open https://localhost:8443")]
    [InlineData("http://unix:/tmp/mocksre.sock", "Try curl --unix-socket /tmp/mocksre.sock http://localhost/health")]
    public void NextStep_Addresses_IsTheFirstThatABrowserOpens(string openable, string next) =>
        Assert.Equal(next, OpenableAddresses.NextStep(openable.Split(' ')));

    [Fact]
    public void NextStep_NoAddress_IsNone() => Assert.Null(OpenableAddresses.NextStep([]));
}
