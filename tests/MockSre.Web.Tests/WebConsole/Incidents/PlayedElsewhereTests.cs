using Bunit;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Settings;
using MockSre.Web.Data;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Incidents;

/// <summary>A run that another service plays, as this one's console shows it.</summary>
public class PlayedElsewhereTests : ConsoleTest
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
            await Runs.CreateAsync(IncidentHeader.Of(incident, null), incident.Plan);
            await Runs.AppendAsync(incident.Id, [.. incident.States, .. incident.Deploys, incident.Alert!, .. incident.Seconds]);

            var page = RenderLive<IncidentPage>(parameters => parameters.Add(one => one.Id, incident.Id));
            var list = RenderLive<IncidentsPage>();

            Assert.Contains(IncidentDesk.PlayedElsewhere, page.Find(".elsewhere").TextContent, StringComparison.Ordinal);
            Assert.Empty(page.FindAll(".truth, .said, .score, a[download]"));
            Assert.All(["fault deployed", "impact confirmed", "injected", "witnessed"], word => Assert.DoesNotContain(word, page.Markup, StringComparison.OrdinalIgnoreCase));
            Assert.Contains("open", list.Find(".history tbody").TextContent, StringComparison.Ordinal);
            var refusal = await Actions.CloseIncidentAsync(incident.Id, CloseReason.Cancelled);
            Assert.StartsWith(IncidentDesk.PlayedElsewhere, refusal, StringComparison.Ordinal);

            var closed = IncidentRecords.Closed();
            await Runs.AppendAsync(incident.Id, [.. closed.Diagnoses, .. closed.Actions, closed.Closed!]);
            await Runs.UpdateAsync(IncidentRecords.HeaderOf(closed));
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
