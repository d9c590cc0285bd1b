using Bunit;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class StackTraceTests : ComponentTest
{
    [Fact]
    public void Render_NoFrames_ShowsNothing() => Assert.Empty(Show().FindAll("*"));

    [Fact]
    public void Render_Frames_SayWhereAndWhoseTheyAre()
    {
        var frames = Show(
            new SignalFrame("ConnectionPool.AcquireAsync(string owner)", "/src/ConnectionPool.cs", 1142, true),
            new SignalFrame("Task<T> Wait<T>()", "/src/Wait.cs", null, true),
            new SignalFrame(null, null, 7, false)).FindAll("li");

        Assert.Equal(
            ["ConnectionPool.AcquireAsync(string owner)", "Task<T> Wait<T>()", "(unknown)"],
            frames.Select(frame => frame.QuerySelector("code")!.TextContent));
        Assert.Equal(
            ["/src/ConnectionPool.cs:1142", "/src/Wait.cs", null], frames.Select(frame => frame.QuerySelector(".where")?.TextContent));
        Assert.Equal([true, true, false], frames.Select(frame => frame.ClassList.Contains("in-app")));
    }

    private IRenderedComponent<StackTrace> Show(params SignalFrame[] frames) =>
        Render<StackTrace>(it => it.Add(trace => trace.Frames, frames));
}
