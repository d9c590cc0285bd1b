using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MockSre.Web.Tests.Browser;

/// <summary>Finds accessibility problems with axe.</summary>
internal static class Axe
{
    private static readonly string[] Grave = ["serious", "critical"];

    // Only these rules depend on colours. All others check the markup, which is the same in the light and the dark look.
    private static readonly AxeRunOptions Colours =
        new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } };

    /// <summary>The serious and critical problems of the page. All rules run in the light look, only colour rules in the dark.</summary>
    public static async Task<IEnumerable<string>> FindAsync(IPage page, ColorScheme look, string where)
    {
        var result = look == ColorScheme.Dark ? await page.RunAxe(Colours) : await page.RunAxe();
        Assert.NotEmpty(result.Passes);
        return result.Violations.Where(violation => Grave.Contains(violation.Impact))
            .SelectMany(violation => violation.Nodes.Select(node => $"{where}: {violation.Id}, {violation.Help}: {node.Html}"));
    }
}
