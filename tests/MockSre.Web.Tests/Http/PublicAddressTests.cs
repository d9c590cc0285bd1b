using Microsoft.AspNetCore.Http;
using MockSre.Domain.Settings;
using MockSre.Web.Http;
using MockSre.Web.Tests.WebConsole;

namespace MockSre.Web.Tests.Http;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("http://localhost:8000", "", "http://localhost:8000/")]
    [InlineData("http://127.0.0.1:8000", "demo.example", "http://localhost:8000/")]
    [InlineData("http://[::1]:8000", "", "http://localhost:8000/")]
    [InlineData("http://[::]:8514", "", "http://localhost:8514/")]
    [InlineData("http://[::]:8514", "demo.example,other.example", "http://demo.example:8514/")]
    [InlineData("http://0.0.0.0:80", "demo.example", "http://demo.example/")]
    [InlineData("https://192.0.2.1:8443", "192.0.2.1", "https://192.0.2.1:8443/")]
    [InlineData("http://[::]:8514", "[2001:db8::1]", "http://[2001:db8::1]:8514/")]
    [InlineData("http://localhost:8000 http://[::]:8514", "demo.example", "http://demo.example:8514/")]
    [InlineData("http://unix:/run/mocksre.sock", "demo.example", "http://localhost/")]
    public void Base_WithoutAPublicUrl_IsTheAllowedHostOrLocalhost(string listened, string hosts, string expected)
    {
        var settings = new ServiceSettings { AllowedHosts = hosts.Split(',', StringSplitOptions.RemoveEmptyEntries) };

        Assert.Equal(expected, AddressOf(settings, listened).Base.AbsoluteUri);
    }

    [Fact]
    public void Link_WithAPublicUrl_BeginsWithIt()
    {
        var address = AddressOf(
            new ServiceSettings { PublicUrl = new Uri("https://demo.example/mocksre/"), AllowedHosts = ["other.example"] },
            "http://[::]:8514");

        Assert.Equal("https://demo.example/mocksre/api/incidents/1", address.Link("api/incidents/1").AbsoluteUri);
        Assert.Equal("/mocksre", address.Path!.Value.Value);
    }

    [Theory]
    [InlineData("https://xn--mnchen-3ya.example", true)]
    [InlineData("https://m\u00fcnchen.example", true)]
    [InlineData("https://munchen.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsOrigin_AnInternationalName_IsThatOfTheUrlInEitherForm(string? origin, bool expected)
    {
        var settings = new ServiceSettings { PublicUrl = new Uri("https://m\u00fcnchen.example/") };

        Assert.Equal(expected, AddressOf(settings, "http://localhost:8000").IsOrigin(origin));
    }

    [Theory]
    [InlineData("https://m\u00fcnchen.example/", "xn--mnchen-3ya.example", true)]
    [InlineData("http://[2001:db8::1]/", "[2001:db8::1]:8000", true)]
    [InlineData("http://[2001:db8::1]/", "[2001:db8::2]:8000", false)]
    public void IsHost_AsRequestsNameIt_IsThatOfTheUrl(string url, string host, bool expected) =>
        Assert.Equal(
            expected,
            AddressOf(new ServiceSettings { PublicUrl = new Uri(url) }, "http://localhost:8000").IsHost(HostString.FromUriComponent(host)));

    private static PublicAddress AddressOf(ServiceSettings settings, string listened)
    {
        var server = new FakeServer();
        server.Addresses.Clear();
        foreach (var address in listened.Split(' '))
        {
            server.Addresses.Add(address);
        }

        return new PublicAddress(settings, server);
    }
}
