using Bunit;
using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Settings;
using MockSre.Web.Data;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Incidents;

/// <summary>The console shows a run that another service plays.</summary>
public class PlayedElsewhereTests : ComponentTest
{
    [Fact]
    public async Task Render_ARunOfAnotherService_SaysSoAndFollowsItUntilItIsClosed()
    {
        var directory = Directory.CreateTempSubdirectory("mocksre-test");
        try
        {
            var url = new DatabaseUrl(Path.Combine(directory.FullName, "incidents.db"));
            Settings = Settings with { IncidentsDatabase = url };
            using var theirs = new DatabaseLock(url);
            using var held = theirs.TryTake();
            var incident = IncidentRecords.Investigated();
            await Store.CreateAsync(IncidentHeader.Of(incident, null), incident.Plan);
            await Store.AppendAsync(incident.Id, [.. incident.States, .. incident.Deploys, incident.Alert!, .. incident.Seconds]);

            var page = RenderLive<IncidentPage>(parameters => parameters.Add(one => one.Id, incident.Id));
            var list = RenderLive<IncidentsPage>();

            Assert.Contains(Investigation.PlayedElsewhere, page.Find(".elsewhere").TextContent, StringComparison.Ordinal);
            Assert.Empty(page.FindAll(".truth, .said, .score, a[download]"));
            Assert.All(
                ["fault deployed", "impact confirmed", "injected", "witnessed"],
                word => Assert.DoesNotContain(word, page.Markup, StringComparison.OrdinalIgnoreCase));
            Assert.Contains("open", list.Find(".history tbody").TextContent, StringComparison.Ordinal);
            var refusal = await Actions.CancelIncidentAsync(incident.Id);
            Assert.StartsWith(Investigation.PlayedElsewhere, refusal, StringComparison.Ordinal);

            var closed = IncidentRecords.Closed();
            await Store.AppendAsync(incident.Id, [.. closed.Diagnoses, .. closed.Actions, closed.Closed!]);
            await Store.UpdateAsync(IncidentRecords.HeaderOf(closed));
            Advance(1);

            page.WaitForAssertion(() => Assert.Single(page.FindAll(".truth")));
            Assert.Empty(page.FindAll(".elsewhere"));
            list.WaitForAssertion(() => Assert.DoesNotContain("open", list.Find(".history tbody").TextContent, StringComparison.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
