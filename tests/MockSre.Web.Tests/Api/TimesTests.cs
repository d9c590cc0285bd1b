using System.Text.RegularExpressions;
using MockSre.Web.Tests.Incidents;

namespace MockSre.Web.Tests.Api;

public partial class TimesTests(OpenIncidentFixture open) : IClassFixture<OpenIncidentFixture>
{
    private static readonly string[] EvidenceKinds = ["commits", "deploys", "config", "metrics", "signals", "logs"];

    [Fact]
    public async Task AnyAnswer_ItsTimes_EndInZ()
    {
        string[] paths =
        [
            "/health", "/api/users/profile/1", "/api/metrics", "/api/signals/summary", "/api/signals/expectations", "/api/signals/events",
            "/api/fixtures/commits", "/api/fixtures/config", "/api/incidents", $"/api/incidents/{open.Id}", $"/admin/incidents/{open.Id}",
            "/admin/failure-mode", "/admin/load",
            .. EvidenceKinds.Select(kind => $"/api/incidents/{open.Id}/evidence/{kind}"),
        ];
        var times = 0;
        foreach (var path in paths)
        {
            foreach (Match time in Time().Matches((await open.App.Http.GetJsonAsync(path)).GetRawText()))
            {
                Assert.True(time.Value.EndsWith('Z'), $"{path}: {time.Value}");
                times++;
            }
        }

        Assert.True(times > 100, $"{times} times");
    }

    [GeneratedRegex("""(?<=")\d{4}-\d\d-\d\dT[^"]*(?=")""")]
    private static partial Regex Time();
}
