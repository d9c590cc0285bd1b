using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MockSre.Domain.Fixtures;
using MockSre.Web.Tests.Contract;

namespace MockSre.Web.Tests.Api;

public sealed class FixturesApiTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-fixtures");

    [Theory]
    [InlineData("/api/fixtures/commits", "recent_commits.json")]
    [InlineData("/api/fixtures/config", "config_snapshot.json")]
    public async Task GetFixture_Shipped_IsTheFileAsItStands(string path, string file)
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "fixtures", file)),
            await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/api/fixtures/commits", "recent_commits.json")]
    [InlineData("/api/fixtures/config", "config_snapshot.json")]
    public async Task GetFixture_Broken_SaysWhatIsWrongAndNoPath(string path, string file)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, file), """{"nonsense":true}""");
        await using var app = MockSreApp.Start();
        await using var broken = app.WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services => services.AddSingleton(new FixtureReader(_directory.FullName))));
        using var http = AnswerCheck.CreateClient(broken, broken.ClientOptions);

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));

        var detail = await response.ProblemAsync(500);
        Assert.Contains(file, detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_directory.Name, detail, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
