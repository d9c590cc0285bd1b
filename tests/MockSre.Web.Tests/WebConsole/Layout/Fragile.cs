using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace MockSre.Web.Tests.WebConsole.Layout;

/// <summary>A component that fails as long as the test wants.</summary>
public sealed class Fragile : ComponentBase
{
    [Parameter]
    public Func<bool> Fails { get; set; } = () => true;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (Fails())
        {
            throw new InvalidOperationException("the part is broken");
        }

        builder.AddContent(0, "all is well");
    }
}
