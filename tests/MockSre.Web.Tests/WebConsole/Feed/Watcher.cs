using Microsoft.AspNetCore.Components;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.Tests.WebConsole.Feed;

/// <summary>A component that records the snapshots it receives.</summary>
public sealed class Watcher : ComponentBase
{
    [CascadingParameter]
    private ConsoleSnapshot Snapshot { get; set; } = null!;

    internal List<ConsoleSnapshot> Shown { get; } = [];

    protected override void OnParametersSet() => Shown.Add(Snapshot);
}
