using Microsoft.AspNetCore.Components;
using MockSre.Web.Console.Feed;

namespace MockSre.Web.Tests.Console.Feed;

/// <summary>A part of the console that keeps what it was given to show.</summary>
public sealed class Watcher : ComponentBase
{
    [CascadingParameter]
    private ConsoleSnapshot Snapshot { get; set; } = null!;

    internal List<ConsoleSnapshot> Shown { get; } = [];

    protected override void OnParametersSet() => Shown.Add(Snapshot);
}
