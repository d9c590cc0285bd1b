namespace MockSre.Web.Tests.Api;

public class HealthApiTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("cache_off")]
    [InlineData("slow_query")]
    [InlineData("pool_saturation")]
    [InlineData("combined")]
    public async Task GetHealth_InEveryMode_IsOk(string mode)
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", mode));
        using var http = app.CreateClient();

        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }
}
