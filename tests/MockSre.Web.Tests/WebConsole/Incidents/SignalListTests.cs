using System.Text.Json.Nodes;
using Bunit;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Web.WebConsole.Incidents;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class SignalListTests : ComponentTest
{
    [Fact]
    public void Render_FramesOfAnError_AreTheirFilesAloneOrNothing()
    {
        var error = Envelopes.Error();
        error["exception"]!["values"]![1]!["stacktrace"]!["frames"] = JsonNode.Parse("""
            [{"function":"Generated.Method()","in_app":true},
             {"function":"ConnectionPool.AcquireAsync()","abs_path":"/src/Profiles/ConnectionPool.cs","in_app":true}]
            """);
        var incident = IncidentRecords.Investigated();
        incident.Apply(new IncidentEvent.SignalCaptured(incident.At(110), Envelopes.Of("event", error)));

        var frames = Render<SignalList>(evidence => evidence
            .AddCascadingValue(new Workbench(new DiagnosisDraft(), IsOpen: false, Locked: true, ActLocked: true, default, default))
            .Add(it => it.Issues, [])
            .Add(it => it.Errors, new IncidentEvidence(incident, incident.At(120)).Errors())
            .Add(it => it.Transactions, [])).FindAll(".frames li");

        Assert.Equal(
            ["ConnectionPool.AcquireAsync() /src/Profiles/ConnectionPool.cs", "Generated.Method()"],
            frames.Select(frame => string.Join(' ', frame.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }
}
