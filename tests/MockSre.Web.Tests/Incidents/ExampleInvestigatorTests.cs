using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MockSre.Web.Tests.Incidents;

/// <summary>Runs the example investigator in its own process.</summary>
public class ExampleInvestigatorTests
{
    [Theory]
    [InlineData("", "/api/incidents/0123456789abcdef")]
    [InlineData("/", "/api/incidents/0123456789abcdef")]
    [InlineData("/mocksre", "/mocksre/api/incidents/0123456789abcdef")]
    [InlineData("/mocksre/", "/mocksre/api/incidents/0123456789abcdef")]
    public async Task Url_WithPathBaseAndSlash_LeadsToTheIncident(string after, string path)
    {
        var paths = new List<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(context =>
        {
            lock (paths)
            {
                paths.Add(context.Request.Path);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await server.StartAsync();

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MockSre.Investigator.dll")])
        {
            RedirectStandardError = true,
        };
        start.Environment["URL"] = server.Urls.Single() + after;
        start.Environment["INCIDENT"] = "0123456789abcdef";
        using var investigator = Process.Start(start)!;
        var error = await investigator.StandardError.ReadToEndAsync();
        await investigator.WaitForExitAsync();

        Assert.Equal(1, investigator.ExitCode);
        Assert.Contains("404", error, StringComparison.Ordinal);
        Assert.Equal(path, Assert.Single(paths));
    }
}
