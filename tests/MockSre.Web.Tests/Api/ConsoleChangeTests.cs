using Microsoft.Extensions.DependencyInjection;
using MockSre.Domain.Faults;

namespace MockSre.Web.Tests.Api;

public class ConsoleChangeTests
{
    [Fact]
    public async Task GetMode_AfterAClickInTheConsole_NamesTheConsoleAsItsSource()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        app.Services.GetRequiredService<FailureSwitch>().Set(Modes.Combined, ChangeSource.Console);

        var state = await http.GetJsonAsync("/admin/failure-mode");

        Assert.Equal(("combined", "console"), (state.GetProperty("mode").GetString(), state.GetProperty("source").GetString()));
        Assert.Equal("console", state.GetProperty("history")[0].GetProperty("source").GetString());
    }
}
