using System.Text.Json.Nodes;
using Bunit;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Web.WebConsole.Incidents;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class SignalEvidenceTests : ConsoleTest
{
    [Fact]
    public void Render_FramesOfAnError_AreTheirFilesAloneOrNothing()
    {
        var error = new EvidenceItem("signal:event:1", EvidenceKind.Signal, new JsonObject
        {
            ["type"] = "PoolTimeoutException",
            ["stack"] = new JsonArray(
                new JsonObject { ["function"] = "ConnectionPool.AcquireAsync()", ["file"] = "/src/Profiles/ConnectionPool.cs" },
                new JsonObject { ["function"] = "Generated.Method()", ["file"] = null }),
        });

        var frames = Render<SignalEvidence>(evidence => evidence
            .AddCascadingValue(new Workbench(new DiagnosisDraft(), IsOpen: false, Locked: true, ActLocked: true, default, default))
            .Add(it => it.Issues, [])
            .Add(it => it.Errors, [error])
            .Add(it => it.Transactions, [])).FindAll(".frames li");

        Assert.Equal(
            ["ConnectionPool.AcquireAsync() /src/Profiles/ConnectionPool.cs", "Generated.Method()"],
            frames.Select(frame => string.Join(' ', frame.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }
}
